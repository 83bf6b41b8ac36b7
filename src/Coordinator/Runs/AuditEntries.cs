using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using HostAgent.Campaigns.Messages;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Runs;

/// <summary>Audit entries for commands and for the coordinator's own actions.</summary>
internal static class AuditEntries
{
    /// <summary>The actor of what the coordinator does by itself.</summary>
    public const string Coordinator = "coordinator";

    // Kept forever, whatever the caller sends.
    private const int LongestDetails = 4 * 1024;

    /// <summary>The entry of a person's command.</summary>
    /// <param name="time">When.</param>
    /// <param name="command">The command.</param>
    /// <param name="refusal">Why it was refused; null when it took effect.</param>
    /// <param name="isChange">Whether it changed anything.</param>
    public static AuditEntry Of(DateTimeOffset time, CommandOrigin command, RpcFailure? refusal, bool isChange) => new(
        time,
        command.Caller.Actor,
        command.Caller.Source,
        command.Method,
        command.Target,
        refusal is not null ? $"{StatusName(refusal)} {refusal.Reason}" : isChange ? "OK" : "OK UNCHANGED",
        Bounded(JsonFormatter.Default.Format(command.Request)));

    /// <summary>The entry for commands that changed nothing and were not recorded one by one.</summary>
    /// <param name="time">When.</param>
    /// <param name="command">The command after them.</param>
    /// <param name="count">The number of commands.</param>
    public static AuditEntry Counted(DateTimeOffset time, CommandOrigin command, long count) => new(
        time,
        command.Caller.Actor,
        string.Empty,
        "commands-counted",
        command.Target,
        "OK",
        JsonSerializer.Serialize(new { count }));

    /// <summary>The entry for an action of the coordinator; null when the event is only a report from a host.</summary>
    public static AuditEntry? Of(CampaignEvent decided, string campaign, string json)
        => decided is ItemsPlanned or CampaignPlanned or ItemAccepted or ItemRunning or ItemDue or ItemRedelivered or ItemUndelivered
            or ItemRecheckPostponed or ItemRecheckRepeated or ItemRechecking or HostFound or HostLost or WaveReachedGate
            ? null
            : new AuditEntry(
                decided.At,
                Coordinator,
                string.Empty,
                CampaignEventCodec.NameOf(decided),
                decided is ItemEvent item ? $"{campaign}/items/{item.Item}" : campaign,
                "OK",
                Bounded(json));

    private static string Bounded(string json)
    {
        if (json.Length <= LongestDetails)
        {
            return json;
        }

        var bytes = Encoding.UTF8.GetBytes(json);
        return JsonSerializer.Serialize(new { sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes)), bytes = bytes.Length });
    }

    // FailedPrecondition is written FAILED_PRECONDITION, as everywhere else that a person sees it.
    private static string StatusName(RpcFailure refusal) => string.Concat(
        refusal.StatusCode.ToString().Select((letter, index) =>
            index > 0 && char.IsUpper(letter)
                ? string.Create(CultureInfo.InvariantCulture, $"_{letter}")
                : char.ToUpperInvariant(letter).ToString(CultureInfo.InvariantCulture)));
}
