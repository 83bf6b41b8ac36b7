using System.Text.RegularExpressions;
using HostAgent.Documents;

namespace HostAgent.Campaigns.Spec;

internal static class SpecReader
{
    private const int MaxTargets = 1000;
    private const int MaxPatterns = 5000;

    private static readonly Dictionary<string, RecoveryPointKind> RecoveryPoints = new(StringComparer.Ordinal)
    {
        ["latest"] = RecoveryPointKind.Latest,
        ["latest-application-consistent"] = RecoveryPointKind.LatestApplicationConsistent,
    };

    public static CampaignSpec Empty { get; } = new()
    {
        Name = string.Empty,
        Labels = new SortedDictionary<string, string>(StringComparer.Ordinal),
        Targets = [],
        Waves = [],
    };

    public static CampaignSpec Read(MappingReader spec)
    {
        var strategy = StrategyReader.Read(spec.Optional("strategy").Described("How the machines are failed back.").ByDefault("initiate-failback"));
        var read = Empty with
        {
            Targets = spec.Required("targets", "a list of at least one selector").Described("The selected virtual machines: the union of these selectors.")
                .List(target => target.Mapping(SelectorReader.Read, SelectorReader.Definition), minimum: 1, MaxTargets),
            Strategy = strategy.Strategy,
            HostToHost = strategy.HostToHost,
            TestFailover = strategy.TestFailover,
            PlannedDrill = strategy.PlannedDrill,
            RecoveryPoint = ReadRecoveryPoint(spec.Optional("recoveryPoint").Described("The recovery point that the machines are reverted to.").ByDefault("latest")),
            ReplicationSettings = spec.Optional("replicationSettings").Described("Replication settings that override the machines' own.").Mapping(SettingsReader.Read) ?? new(),
            Waves = WaveReader.ReadAll(spec.Optional("waves").Described("The waves in order; one with every item by default.")),
            Dependencies = DependencyReader.ReadAll(spec.Optional("dependencies").Described("Which machines must succeed before others start.")),
            Limits = spec.Optional("limits").Described("How many items may be in flight at once. All limits apply together; a percentage is of the campaign's items.").Mapping(PolicyReader.ReadLimits) ?? new(),
            Tolerance = spec.Optional("tolerance").Described("How many failures are tolerated.").Mapping(PolicyReader.ReadTolerance) ?? new(),
            Retry = spec.Optional("retry").Described("How failed attempts are retried.").Mapping(PolicyReader.ReadRetry) ?? new(),
            Timeouts = spec.Optional("timeouts").Described("The timeouts.").Mapping(PolicyReader.ReadTimeouts) ?? new(),
            Window = spec.Optional("window").Described("When items may start: weekly or daily, from one local time to another. Always by default.").Mapping(WindowReader.Read),
            Windows = spec.Optional("windows").Described("With the strategies host-to-host and planned-drill: when each phase may begin, within window. What is under way goes on.").Mapping(WindowReader.ReadPhases),
            Together = DependencyReader.ReadSets(spec.Optional("together").Described("With the strategies host-to-host and planned-drill: sets of machines whose services go down together, none before all of its set are in step.")),
            Schedule = spec.Optional("schedule").Described("With the strategies test-failover and planned-drill: when the drill is run, each time as a campaign of its own.").Mapping(ScheduleReader.Read),
            Notifications = spec.Optional("notifications").Described("Who must be known to be told before the campaign starts.").Mapping(NotificationsReader.Read),
            Readiness = spec.Optional("readiness").Described("The readiness required of a machine before it starts.").Mapping(PolicyReader.ReadReadiness) ?? new(),
        };
        var patterns = read.Targets.Sum(target => target.VirtualMachines?.Names.Count ?? 0) + read.Waves.Sum(wave => wave.Match?.VirtualMachines?.Names.Count ?? 0);
        if (patterns > MaxPatterns)
        {
            // Every machine of the estate may have to be matched against every pattern.
            spec.Reject($"at most {MaxPatterns} name patterns", $"{spec.Path} has {patterns} name patterns in its targets and waves; it may have at most {MaxPatterns}.");
        }

        if (read.HostToHost is not null && read.Strategy != Strategy.Auto)
        {
            var name = read.PlannedDrill is null ? "host-to-host" : PlannedDrillReader.Name;
            RefuseWith($"the strategy {name}", spec, "recoveryPoint", read.RecoveryPoint != RecoveryPointChoice.Latest, "the machines return with every change, not to an earlier point");
            RefuseWith($"the strategy {name}", spec, "replicationSettings", read.ReplicationSettings != new ReplicationSettingsOverrides(), "the relationships keep their settings");
            RefuseWith($"the strategy {name}", spec, "readiness", read.Readiness.Required, "both hosts are checked before each outage, whatever is required here", ".required");
        }
        else if (read.HostToHost is null)
        {
            NeedHostToHost(spec, "windows", read.Windows is not null);
            NeedHostToHost(spec, "together", read.Together is not null);
            NeedHostToHost(spec, "waves", read.Waves.Any(wave => wave.Outage is not null), "[].outage");
            NeedHostToHost(spec, "waves", read.Waves.Any(wave => wave.Hooks is not null), "[].hooks");
            NeedHostToHost(spec, "waves", read.Waves.Any(wave => wave.Once is not null), "[].once");
            NeedHostToHost(spec, "limits", read.Limits.Switch is not null, ".switch");
            NeedHostToHost(spec, "timeouts", read.Timeouts is { Sync: not null } or { Switch: not null }, ".phase");
        }

        if (read is { Schedule: not null, TestFailover: null, PlannedDrill: null })
        {
            spec.Optional("schedule").Reject("schedule only with the strategy test-failover or planned-drill", $"{spec.Path}.schedule is for the strategies test-failover and planned-drill; nothing else is begun without a person.");
        }

        if (read.HostToHost is { Goal: PairGoal.Protect })
        {
            const string NoOutage = "no service goes down";
            RefuseWith("the goal protect", spec, "together", read.Together is not null, NoOutage);
            RefuseWith("the goal protect", spec, "waves", read.Waves.Any(wave => wave is { Outage: not null } or { Hooks: not null } or { Once: not null }), NoOutage, "[].outage, hooks and once");
            RefuseWith("the goal protect", spec, "limits", read.Limits.Switch is not null, NoOutage, ".switch");
            RefuseWith("the goal protect", spec, "timeouts", read.Timeouts.Switch is not null, NoOutage, ".phase.switch");
            RefuseWith("the goal protect", spec, "windows", read.Windows?.Switch is not null, NoOutage, ".switch");
            RefuseWith("the goal protect", spec, "strategy", read.HostToHost.Hooks is not null, NoOutage, ".hooks");
        }

        if (read.TestFailover is not null)
        {
            RefuseWith($"the strategy {TestFailoverReader.Name}", spec, "recoveryPoint", read.RecoveryPoint != RecoveryPointChoice.Latest, "what the replica has received last is tested");
            RefuseWith($"the strategy {TestFailoverReader.Name}", spec, "replicationSettings", read.ReplicationSettings != new ReplicationSettingsOverrides(), "the relationships keep their settings");
            RefuseWith($"the strategy {TestFailoverReader.Name}", spec, "readiness", read.Readiness.Required, "the replica is checked before each test, whatever is required here", ".required");
        }

        return read;
    }

    private static void NeedHostToHost(MappingReader spec, string key, bool isSet, string part = "")
    {
        if (isSet)
        {
            spec.Optional(key).Reject($"{key}{part} only with the strategy host-to-host or planned-drill", $"{spec.Path}.{key}{part} is for the strategies host-to-host and planned-drill; with others there is no such phase.");
        }
    }

    private static void RefuseWith(string what, MappingReader spec, string key, bool isSet, string why, string part = "")
    {
        if (isSet)
        {
            spec.Optional(key).Reject($"no {key}{part} with {what}", $"{spec.Path}.{key}{part} cannot be used with {what}: {why}.");
        }
    }

    private static RecoveryPointChoice ReadRecoveryPoint(Field field)
        => field.Either(
            single => single.Choice(RecoveryPoints, "latest, latest-application-consistent or {at: TIME}") is { } kind ? new RecoveryPointChoice(kind, null) : null,
            mapping => new RecoveryPointChoice(
                RecoveryPointKind.NotAfter,
                mapping.Required("at", "a point in time, such as 2026-11-21T22:00:00Z").Described("The newest point that is not after this time.").Timestamp()))
            ?? RecoveryPointChoice.Latest;
}

/// <summary>The document's <c>metadata</c>.</summary>
internal sealed partial record Metadata(string Name, IReadOnlyDictionary<string, string> Labels)
{
    private const string NameRule = "1 to 63 of a-z, 0-9 and '-', starting with a letter and ending with a letter or digit";

    public static Metadata Read(MappingReader metadata)
    {
        var name = metadata.Required("name", NameRule).Described("The campaign's name.").Matching(NamePattern(), NameRule);
        return new Metadata(name ?? string.Empty, metadata.Optional("labels").Described("Free labels, for example the ticket.").TextMap());
    }

    [GeneratedRegex("^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?\\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NamePattern();
}
