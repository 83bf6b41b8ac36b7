using HostAgent.Documents;

namespace HostAgent.Campaigns.Spec;

/// <summary>How replicas are tested with <see cref="Strategy.TestFailover"/>.</summary>
public sealed record TestFailoverSpec
{
    /// <summary>The switch that each test machine is connected to; empty for none.</summary>
    public string Switch { get; init; } = string.Empty;

    /// <summary>Whether the document names that switch although it is external: the test machines may then meet production.</summary>
    public bool AllowsExternal { get; init; }

    /// <summary>How a test machine is checked after its start.</summary>
    public VerificationSpec Verify { get; init; } = new();

    /// <summary>How long a test machine is left running after it has come up.</summary>
    /// <value>The default is not at all.</value>
    public TimeSpan Soak { get; init; }

    /// <summary>How long a test that was passed proves that the replica boots.</summary>
    /// <value>The default is 30 days.</value>
    public TimeSpan ProofValidFor { get; init; } = DefaultProofValidFor;

    /// <summary>How long a proof is valid unless somebody says otherwise.</summary>
    public static TimeSpan DefaultProofValidFor => TimeSpan.FromDays(30);
}

/// <summary>The document's <c>strategy: {name: test-failover, …}</c>.</summary>
internal static class TestFailoverReader
{
    public const string Name = "test-failover";

    private const string NoSwitch = "none";
    private const int LongestSwitch = 256;

    private static readonly TestFailoverSpec Defaults = new();

    public static TestFailoverSpec Read(MappingReader strategy)
    {
        var network = strategy.Optional("switch").Described("The private or internal switch of each host that the test machines are connected to; none by default.").Either(
            single => single.Name(1, LongestSwitch) is { } name ? new Network(name == NoSwitch ? string.Empty : name, AllowsExternal: false) : null,
            mapping => mapping.Required("external", "the name of an external switch").Described("An external switch, on which the test machines may meet production.").Name(1, LongestSwitch) is { } name
                ? new Network(name, AllowsExternal: true) : null) ?? new Network(string.Empty, AllowsExternal: false);
        return new TestFailoverSpec
        {
            Switch = network.Switch,
            AllowsExternal = network.AllowsExternal,
            Verify = VerificationReader.Read(strategy.Optional("verify").Described("How a test machine is checked after its start.")),
            Soak = strategy.Optional("soak").Described("How long a test machine is left running after it has come up.").Duration(TimeSpan.Zero, TimeSpan.FromHours(24), Defaults.Soak),
            ProofValidFor = ProofReader.Read(strategy, "How long it proves that the replica boots.", Defaults.ProofValidFor),
        };
    }

    private sealed record Network(string Switch, bool AllowsExternal);
}

/// <summary>The <c>proof</c> of every strategy that leaves proofs.</summary>
internal static class ProofReader
{
    public static TimeSpan Read(MappingReader strategy, string described, TimeSpan byDefault)
        => strategy.Optional("proof").Described("What a drill that was passed proves.").Mapping(proof => new Validity(
            proof.Optional("validFor").Described(described).Duration(TimeSpan.FromHours(1), TimeSpan.FromDays(3650), byDefault)))?.ValidFor ?? byDefault;

    private sealed record Validity(TimeSpan ValidFor);
}

/// <summary>The <c>verify</c> of every strategy that starts machines.</summary>
internal static class VerificationReader
{
    public static VerificationSpec Read(Field field)
    {
        var defaults = new VerificationSpec();
        return field.Mapping(verify => new VerificationSpec
        {
            Heartbeat = verify.Optional("heartbeat").Described("How long its guest may take to answer.").Duration(TimeSpan.FromSeconds(10), TimeSpan.FromHours(2)) ?? defaults.Heartbeat,
            Check = verify.Optional("check").Described("The name of an application check of the coordinator.").Name(1, 63) ?? string.Empty,
        }) ?? defaults;
    }
}
