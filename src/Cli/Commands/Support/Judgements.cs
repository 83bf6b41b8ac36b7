using System.Globalization;
using System.Reflection;
using HostAgent.Documents;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Transport;

namespace HostAgent.Cli.Commands.Support;

/// <summary>What <c>doctor</c> thinks of what it was told: the thresholds, and what a person should do.</summary>
internal static class Judgements
{
    // Start times, windows and the order of two hosts' records are read by people who take all clocks for one.
    private static readonly TimeSpan NoticedSkew = TimeSpan.FromSeconds(5);

    // Certificates are renewed by people's plans, often by the minute of their creation.
    private static readonly TimeSpan HarmfulSkew = TimeSpan.FromMinutes(5);
    private const double LastPart = 0.25;
    private const int AmpleRoom = 4;

    /// <summary>The version of this program.</summary>
    public static string OwnVersion { get; } = typeof(Judgements).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>A certificate whose dates are known.</summary>
    public static Finding Certificate(string check, string whose, DateTimeOffset? from, DateTimeOffset until, DateTimeOffset now)
    {
        var seen = $"{whose} is valid until {Quantity.Instant(until)}.";
        var left = until - now;
        if (left <= TimeSpan.Zero)
        {
            return new Finding(check, FindingResult.Failed, $"{whose} has expired at {Quantity.Instant(until)}.", Renewal);
        }

        var isLate = from is { } start ? left < (until - start) * LastPart : left < TimeSpan.FromDays(7);
        return isLate ? new Finding(check, FindingResult.Warning, seen, Renewal) : new Finding(check, FindingResult.Ok, seen);
    }

    /// <summary>Two clocks.</summary>
    public static Finding Clock(string check, string whose, TimeSpan ahead)
    {
        var size = ahead.Duration();
        var seen = string.Create(CultureInfo.InvariantCulture, $"{whose} is {size.TotalSeconds:0.0} s {(ahead < TimeSpan.Zero ? "behind" : "ahead")}.");
        return size < NoticedSkew
            ? new Finding(check, FindingResult.Ok, seen)
            : new Finding(check, size < HarmfulSkew ? FindingResult.Warning : FindingResult.Failed, seen, "Set both clocks by one time source (NTP, w32tm).");
    }

    /// <summary>Who this user is to the coordinator.</summary>
    public static Finding Role(PeerIdentity peer) => peer.Role switch
    {
        PeerRole.Operator => new Finding("role", FindingResult.Ok, $"{peer.Uri} may read and give orders."),
        PeerRole.Viewer => new Finding("role", FindingResult.Warning, $"{peer.Uri} may read only.", "Use an operator's certificate to change anything."),
        _ => new Finding("role", FindingResult.Failed, $"{peer.Uri} is no person's certificate.", "Use an operator's or a viewer's certificate."),
    };

    /// <summary>What the coordinator says of itself.</summary>
    public static IEnumerable<Finding> Server(ServerInfo info)
    {
        yield return Version("version", "The coordinator", info.Version, OwnVersion, "this program");
        if (info.StoreKind.Length == 0)
        {
            yield return new Finding("store", FindingResult.NotChecked, "This coordinator does not tell about its store.", "Update the coordinator.");
            yield break;
        }

        var store = string.Create(CultureInfo.InvariantCulture, $"{info.StoreKind}, schema {info.StoreSchema}");
        if (!info.HasFreeBytes)
        {
            yield return new Finding("store", FindingResult.Ok, $"{store}; the free space of its disk is not known.");
            yield break;
        }

        var seen = $"{store}; {SizeText.Write(info.FreeBytes)} free on the disk of its data directory, {SizeText.Write(info.ReservedBytes)} kept for running campaigns.";
        const string room = "Free some space there, or delete campaigns that have ended.";
        yield return info.FreeBytes < info.ReservedBytes
            ? new Finding("store", FindingResult.Failed, seen + " New campaigns are refused.", room)
            : info.FreeBytes / AmpleRoom < info.ReservedBytes ? new Finding("store", FindingResult.Warning, seen, room) : new Finding("store", FindingResult.Ok, seen);
    }

    /// <summary>A host that was asked now.</summary>
    /// <param name="host">Its answer.</param>
    /// <param name="version">The coordinator's version.</param>
    /// <param name="coordinatorNow">The coordinator's clock when the host answered; null when it is not known.</param>
    public static IEnumerable<Finding> Host(ManagedHost host, string version, DateTimeOffset? coordinatorNow)
    {
        var check = $"host {ResourceName.Id(host.Name)}";
        if (host.Reachability != Reachability.Reachable || host.Agent is not { } agent)
        {
            yield return new Finding(check, FindingResult.Failed, $"{host.Address} does not answer: {host.UnreachableReason}", "Start the agent there, or mend the way to it; campaigns wait for it.");
            yield break;
        }

        foreach (var finding in (Finding?[])
        [
            IsSame(agent.AgentVersion, version) ? null : Version(check, "The agent", agent.AgentVersion, version, "the coordinator"),
            coordinatorNow is { } now && agent.AgentTime is { } time && Clock(check, "The agent's clock, beside the coordinator's,", time.ToDateTimeOffset() - now) is { Result: not FindingResult.Ok } skew ? skew : null,
            agent.ReplicationServiceAvailable ? null : new Finding(check, FindingResult.Failed, "Hyper-V's replication service does not answer.", "Start the service vmms on the host."),
            agent.Draining ? new Finding(check, FindingResult.Warning, "The agent is being stopped and accepts nothing new.") : null,
            agent.JournalDamage is { } damage ? new Finding(check, FindingResult.Warning, $"The agent's journal was damaged at {Quantity.Instant(damage.FindTime)}: {damage.Explanation}", $"Keep the file {damage.SetAside}.") : null,
        ])
        {
            if (finding is not null)
            {
                yield return finding;
            }
        }

        foreach (var machine in agent.Unfinished)
        {
            yield return new Finding(check, FindingResult.Warning, $"{machine.Name} is {EnumWord.Of(machine.What)} since {Quantity.Instant(machine.SinceTime)} and has had no next step.", machine.Advice);
        }
    }

    /// <summary>The campaigns that have not ended.</summary>
    public static IEnumerable<Finding> Campaigns(IReadOnlyCollection<Contracts.Campaigns.V1.Campaign> campaigns)
    {
        foreach (var blocked in campaigns.Where(campaign => campaign.State == CampaignState.Blocked))
        {
            yield return new Finding($"campaign {ResourceName.Id(blocked.Name)}", FindingResult.Failed, blocked.Explanation, "failback store check, on the coordinator's machine, tells what is damaged.");
        }

        yield return new Finding("campaigns", FindingResult.Ok, string.Create(CultureInfo.InvariantCulture, $"{campaigns.Count} have not ended."), campaigns.Count > 0 ? "failback campaign list --stuck tells which wait for a person." : "");
    }

    private const string Renewal = "Renew it: failback certificates create --force, or your authority's way.";

    private static Finding Version(string check, string whose, string version, string own, string other) => IsSame(version, own)
        ? new Finding(check, FindingResult.Ok, $"{whose} has version {Release(version)}, as {other}.")
        : new Finding(check, FindingResult.Warning, $"{whose} has version {Release(version)}, {other} {Release(own)}.", "Versions may differ during an update; finish it.");

    private static bool IsSame(string version, string other) => Release(version) == Release(other);

    // What follows the plus sign names the build, and an agent does not tell it.
    private static string Release(string version) => version.Split('+')[0];
}
