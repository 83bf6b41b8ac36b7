using System.Text.RegularExpressions;
using HostAgent.Documents;

namespace HostAgent.Campaigns.Spec;

internal static class SpecReader
{
    private const int MaxTargets = 1000;
    private const int MaxPatterns = 5000;

    public static CampaignSpec Empty { get; } = new()
    {
        Name = string.Empty,
        Labels = new SortedDictionary<string, string>(StringComparer.Ordinal),
        Targets = [],
        Waves = [],
    };

    public static CampaignSpec Read(MappingReader spec)
    {
        var read = Empty with
        {
            Strategy = ReadStrategy(spec.Optional("strategy")),
            Targets = spec.Required("targets", "a list of at least one selector")
                .List(target => target.Mapping(SelectorReader.Read), minimum: 1, MaxTargets),
            RecoveryPoint = ReadRecoveryPoint(spec.Optional("recoveryPoint")),
            ReplicationSettings = spec.Optional("replicationSettings").Mapping(SettingsReader.Read) ?? new(),
            Waves = WaveReader.ReadAll(spec.Optional("waves")),
            Dependencies = DependencyReader.ReadAll(spec.Optional("dependencies")),
            Limits = spec.Optional("limits").Mapping(PolicyReader.ReadLimits) ?? new(),
            Tolerance = spec.Optional("tolerance").Mapping(PolicyReader.ReadTolerance) ?? new(),
            Retry = spec.Optional("retry").Mapping(PolicyReader.ReadRetry) ?? new(),
            Timeouts = spec.Optional("timeouts").Mapping(PolicyReader.ReadTimeouts) ?? new(),
            Window = spec.Optional("window").Mapping(WindowReader.Read),
            Readiness = spec.Optional("readiness").Mapping(PolicyReader.ReadReadiness) ?? new(),
        };
        var patterns = read.Targets.Sum(target => target.VirtualMachines?.Names.Count ?? 0) + read.Waves.Sum(wave => wave.Match?.VirtualMachines?.Names.Count ?? 0);
        if (patterns > MaxPatterns)
        {
            // Every machine of the estate may have to be matched against every pattern.
            spec.Reject($"at most {MaxPatterns} name patterns", $"{spec.Path} has {patterns} name patterns in its targets and waves; it may have at most {MaxPatterns}.");
        }

        return read;
    }

    private static Strategy ReadStrategy(Field field)
    {
        if (field.Text() is { } strategy && strategy != "initiate-failback")
        {
            field.Reject("initiate-failback", $"{field.Path} is '{strategy}', which is not supported yet; the only strategy is initiate-failback.");
        }

        return Strategy.InitiateFailback;
    }

    private static RecoveryPointChoice ReadRecoveryPoint(Field field)
    {
        if (field.IsPresent && !field.IsScalar)
        {
            return field.Mapping(mapping => new RecoveryPointChoice(
                RecoveryPointKind.NotAfter, mapping.Required("at", "a point in time, such as 2026-11-21T22:00:00Z").Timestamp())) ?? RecoveryPointChoice.Latest;
        }

        if (field.Text() is { } text)
        {
            switch (text)
            {
                case "latest":
                    break;
                case "latest-application-consistent":
                    return new RecoveryPointChoice(RecoveryPointKind.LatestApplicationConsistent, null);
                default:
                    field.Reject("latest, latest-application-consistent or {at: TIME}");
                    break;
            }
        }

        return RecoveryPointChoice.Latest;
    }
}

/// <summary>The document's <c>metadata</c>.</summary>
internal sealed partial record Metadata(string Name, IReadOnlyDictionary<string, string> Labels)
{
    private const string NameRule = "1 to 63 of a-z, 0-9 and '-', starting with a letter and ending with a letter or digit";

    public static Metadata Read(MappingReader metadata)
    {
        var field = metadata.Required("name", NameRule);
        var name = field.Text();
        if (name is not null && !NamePattern().IsMatch(name))
        {
            field.Reject(NameRule);
        }

        return new Metadata(name ?? string.Empty, metadata.Optional("labels").TextMap());
    }

    [GeneratedRegex("^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?\\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NamePattern();
}
