using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Returns;
using HostAgent.Coordinator.Wire;
using HostAgent.Hosting.Paging;
using HostAgent.Texts;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Services;

/// <summary>What requests about single machines have in common.</summary>
internal static class MachineRequests
{
    private const int MaxReason = 1024;
    private const int LongestName = 253;
    private const int MostAddresses = 64;

    /// <summary>Reads how a machine is checked; what is wrong is added to the errors.</summary>
    public static ReturnPlan Plan(ReturnPlan defaults, string machine, ReturnCheck? wanted, GuestCheck check, List<FieldViolation> errors)
    {
        if (machine.Length is 0 or > LongestName)
        {
            errors.Add(new FieldViolation("virtual_machine", $"has {machine.Length} characters; it must be a GUID or a name of 1 to {LongestName}"));
        }

        var name = wanted?.ApplicationCheck ?? "";
        if (name.Length > 0 && check.WhyNot(name) is { } unknown)
        {
            errors.Add(new FieldViolation("check.application_check", unknown));
        }

        return defaults with
        {
            HeartbeatTimeout = Time("check.heartbeat_timeout", wanted?.HeartbeatTimeout, defaults.HeartbeatTimeout, TimeSpan.FromSeconds(10), TimeSpan.FromHours(2), errors),
            IgnoreHeartbeat = wanted?.IgnoreHeartbeat ?? false,
            ApplicationCheck = name,
            ExpectedAddresses = Addresses(wanted, errors),
            AnyAddress = wanted?.AnyAddress ?? false,
            IgnoreNetwork = wanted?.IgnoreNetwork ?? false,
        };
    }

    private static IReadOnlyList<string>? Addresses(ReturnCheck? wanted, List<FieldViolation> errors)
    {
        if (wanted is null)
        {
            return null;
        }

        var ways = new[] { (wanted.ExpectedAddresses.Count > 0, "expected_addresses"), (wanted.AnyAddress, "any_address"), (wanted.IgnoreNetwork, "ignore_network") }.Where(way => way.Item1).Select(way => way.Item2).ToList();
        if (ways.Count > 1)
        {
            errors.Add(new FieldViolation($"check.{ways[1]}", $"is set together with {ways[0]}; only one of expected_addresses, any_address and ignore_network may be"));
        }

        if (wanted.ExpectedAddresses.Count > MostAddresses)
        {
            errors.Add(new FieldViolation("check.expected_addresses", $"has {wanted.ExpectedAddresses.Count} entries; at most {MostAddresses} are allowed"));
            return null;
        }

        foreach (var text in wanted.ExpectedAddresses.Where(text => GuestAddresses.Read(text) is null))
        {
            errors.Add(new FieldViolation("check.expected_addresses", $"has '{VisibleText.Line(text.Length <= 80 ? text : text[..80] + "…")}'; it must be an IPv4 or IPv6 address that holds beyond one link, for example 192.0.2.10"));
        }

        return wanted.ExpectedAddresses.Count == 0 ? null : [.. wanted.ExpectedAddresses.Select(GuestAddresses.Read).OfType<string>()];
    }

    /// <summary>Reads a duration within its bounds.</summary>
    public static TimeSpan Time(string field, Duration? value, TimeSpan otherwise, TimeSpan least, TimeSpan most, List<FieldViolation> errors)
    {
        if (value is null)
        {
            return otherwise;
        }

        // Seconds first: a duration that no TimeSpan can hold is out of range, not an error of the server.
        if (value.Seconds < 0 || value.Seconds > most.TotalSeconds || value.Nanos is < 0 or > 999_999_999 || value.ToTimeSpan() < least || value.ToTimeSpan() > most)
        {
            errors.Add(new FieldViolation(field, $"is {value.Seconds} s; it must be {least.TotalSeconds:0} s to {most.TotalHours:0} h"));
            return otherwise;
        }

        return value.ToTimeSpan();
    }

    public static string Reason(string reason, string field = "reason") => reason.Length <= MaxReason
        ? reason
        : throw CampaignFailures.InvalidRequest(new FieldViolation(field, $"has {reason.Length} characters; at most {MaxReason} are allowed"));

    /// <summary>Reads a page, newest first, and the token of the next; the token is empty on the last.</summary>
    public static async Task<(IReadOnlyList<TState> Page, string Next)> PageAsync<TState>(
        KeptStates<TState> store, IMessage request, int pageSize, string pageToken, bool liveOnly, CancellationToken cancellationToken)
        where TState : class, IKeptState
    {
        var size = PageTokens.Size(pageSize, PageSize.Operations);
        (long, Guid)? after = PageTokens.Read(request, pageToken)?.Split('|') is [var ticks, var uid]
            && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var created) && Guid.TryParse(uid, out var id) ? (created, id) : null;
        var found = await store.ListAsync(size + 1, after, liveOnly, cancellationToken);
        return found.Count <= size
            ? (found, "")
            : ([.. found.Take(size)], PageTokens.Write(request, string.Create(CultureInfo.InvariantCulture, $"{found[size - 1].CreateTime.UtcTicks}|{found[size - 1].Uid:D}")));
    }

    /// <summary>Streams an audit as far as its chain holds.</summary>
    /// <exception cref="RpcFailure">It is broken, and where.</exception>
    public static async Task StreamAuditAsync(
        string name, IAsyncEnumerable<Audit.AuditRecord> records, IServerStreamWriter<Contracts.Campaigns.V1.AuditRecord> responseStream, CancellationToken cancellationToken)
    {
        Audit.AuditRecord? last = null;
        await foreach (var record in records)
        {
            await responseStream.WriteAsync(AuditMapper.ToMessage(record), cancellationToken);
            if (!Audit.AuditChain.Follows(record, last))
            {
                throw CampaignFailures.AuditBroken(name, string.Create(CultureInfo.InvariantCulture, $"record {record.Sequence} does not follow the record before it"));
            }

            last = record;
        }
    }
}
