using System.Text.Json.Serialization;
using HostAgent.Documents;

namespace HostAgent.Campaigns.Spec;

/// <summary>How machines go home with <see cref="Strategy.HostToHost"/>.</summary>
public sealed record HostToHostSpec
{
    /// <summary>Where the machines are to end.</summary>
    /// <value>The default is <see cref="PairGoal.Home"/>.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public PairGoal Goal { get; init; }

    /// <summary>Who approves the outages of each wave.</summary>
    /// <value>The default is any operator.</value>
    public OutageSpec Outage { get; init; } = new(Automatic: false, []);

    /// <summary>Whether the machine at home becomes a replica without another question. What it had not sent before the disaster is then lost.</summary>
    /// <value>The default is <see cref="Consent.Ask"/>.</value>
    public Consent Attach { get; init; }

    /// <summary>Whether the first copy starts without another question. Until it has ended, the disks at home are neither old nor new.</summary>
    /// <value>The default is <see cref="Consent.Automatic"/>.</value>
    public Consent Copy { get; init; } = Consent.Automatic;

    /// <summary>Whether a machine that was verified at home stays there without another question. The cheap way back then ends.</summary>
    /// <value>The default is <see cref="Consent.Automatic"/>.</value>
    public Consent Accept { get; init; } = Consent.Automatic;

    /// <summary>How long the guest may take to shut down.</summary>
    /// <value>The default is 10 min.</value>
    public TimeSpan ShutdownTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long one step may take while the service is down; then a person is asked.</summary>
    /// <value>The default is 1 h.</value>
    public TimeSpan StepTimeout { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long one copy may take while production runs, and how long a machine may be in step without being fit to switch; then a person is asked.</summary>
    /// <value>The default is 7 days.</value>
    public TimeSpan CopyTimeout { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How a machine is checked after its start at home.</summary>
    public VerificationSpec Verify { get; init; } = new();

    /// <summary>Whether a test failover at home proves that a machine comes up there before it rests in step.</summary>
    /// <value>Documents have it unless they say otherwise; campaigns that were stored before there were rehearsals do not.</value>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Rehearse { get; init; }

    /// <summary>
    /// The private or internal switch of the host where machines go, on which they are rehearsed and their application check is run; empty for no network, on which there is
    /// nothing that such a check could reach.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public string? RehearsalSwitch { get; init; }

    /// <summary>The site's own programs around an outage; null for none.</summary>
    public HooksSpec? Hooks { get; init; }

    /// <summary>What the machines' adapters get at home, by the switch that they are at at the recovery site; null when they keep what they have.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<NetworkSpec>? Networks { get; init; }
}

/// <summary>Programs of the coordinator's that are run around each outage, for what the site has to tell its name servers, load balancers and monitoring. They may be run more than once.</summary>
/// <param name="BeforeOutage">Run before the service goes down, which it must not while the program fails; empty for none.</param>
/// <param name="AfterVerify">Run after the machine has come up at home, which it has not while the program fails; empty for none.</param>
public sealed record HooksSpec(string BeforeOutage, string AfterVerify);

/// <summary>Who approves that services go down for the switch.</summary>
/// <param name="Automatic">Whether no approval is needed.</param>
/// <param name="Approvers">One of them must approve the outages of each wave; empty for any operator.</param>
public sealed record OutageSpec(bool Automatic, IReadOnlyList<string> Approvers)
{
    /// <summary>
    /// How far a machine at home may be behind when its service goes down: an approval was given for no more, and a machine that is further behind is held. Null for any.
    /// </summary>
    public TimeSpan? MaxLag { get; init; }

    /// <summary>Who may approve, in words.</summary>
    /// <returns>The words.</returns>
    public string Describe() => Approvers.Count == 0 ? "an operator" : string.Join(" or ", Approvers);
}

/// <summary>Where machines that go over two hosts are to end.</summary>
public enum PairGoal
{
    /// <summary>Production at home, protected by the recovery site.</summary>
    Home,

    /// <summary>Production stays, and home receives its changes. No service goes down.</summary>
    Protect,
}

/// <summary>Whether the campaign consents on its own.</summary>
public enum Consent
{
    /// <summary>A person is asked for each machine.</summary>
    Ask,

    /// <summary>The document consents for every machine of the campaign.</summary>
    Automatic,
}

/// <summary>How a machine is checked after its start at home.</summary>
public sealed record VerificationSpec
{
    /// <summary>How long its guest may take to answer.</summary>
    /// <value>The default is 10 min.</value>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The name of an application check of the coordinator; empty for none.</summary>
    public string Check { get; init; } = string.Empty;
}

/// <summary>The document's <c>strategy</c>: a name, or a mapping with the name and what the strategy needs.</summary>
internal static class StrategyReader
{
    private static readonly Dictionary<string, Strategy> Names = new(StringComparer.Ordinal)
    {
        ["initiate-failback"] = Strategy.InitiateFailback,
        ["host-to-host"] = Strategy.HostToHost,
        ["auto"] = Strategy.Auto,
        [TestFailoverReader.Name] = Strategy.TestFailover,
        [PlannedDrillReader.Name] = Strategy.PlannedDrill,
    };

    private static readonly Dictionary<string, Func<MappingReader, Choice>> Mappings = new(StringComparer.Ordinal)
    {
        ["host-to-host"] = mapping => new Choice(Strategy.HostToHost) { HostToHost = ReadHostToHost(mapping) },
        ["auto"] = mapping => new Choice(Strategy.Auto) { HostToHost = ReadHostToHost(mapping) },
        [TestFailoverReader.Name] = mapping => new Choice(Strategy.TestFailover) { TestFailover = TestFailoverReader.Read(mapping) },
        [PlannedDrillReader.Name] = mapping => new Choice(Strategy.PlannedDrill) { HostToHost = ReadBothWays(mapping), PlannedDrill = PlannedDrillReader.Read(mapping) },
    };

    private static readonly Dictionary<string, PairGoal> Goals = new(StringComparer.Ordinal)
    {
        ["home"] = PairGoal.Home,
        ["protect"] = PairGoal.Protect,
    };

    private static readonly Dictionary<string, Consent> Consents = new(StringComparer.Ordinal)
    {
        ["ask"] = Consent.Ask,
        ["automatic"] = Consent.Automatic,
    };

    public static Choice Read(Field field)
        => field.EitherByKind(
            single => single.Choice(Names, Strategy.InitiateFailback) switch
            {
                (Strategy.HostToHost or Strategy.Auto) and var twoHosts => new Choice(twoHosts) { HostToHost = new HostToHostSpec { Rehearse = true } },
                Strategy.TestFailover => new Choice(Strategy.TestFailover) { TestFailover = new TestFailoverSpec() },
                Strategy.PlannedDrill => new Choice(Strategy.PlannedDrill) { HostToHost = new HostToHostSpec { Rehearse = true }, PlannedDrill = new PlannedDrillSpec() },
                var other => new Choice(other),
            },
            "name", Mappings, "strategy") ?? new Choice(Strategy.InitiateFailback);

    private static HostToHostSpec ReadHostToHost(MappingReader strategy)
    {
        var defaults = new HostToHostSpec();
        return ReadBothWays(strategy) with
        {
            Goal = strategy.Optional("goal").Described("Where the machines are to end: home; or protect, where they are, with home as their replica and no service down.").Choice(Goals, defaults.Goal),
            Attach = strategy.Optional("attach").Described("Whether the machines at home become replicas without another question. What they had not sent before the disaster is then lost.")
                .Choice(Consents, defaults.Attach),
            Copy = strategy.Optional("copy").Described("Whether the first copies start without another question.").Choice(Consents, defaults.Copy),
        };
    }

    // What holds for a planned failover in either direction. Nothing is attached or copied where both sides are in step.
    private static HostToHostSpec ReadBothWays(MappingReader strategy)
    {
        var defaults = new HostToHostSpec();
        var rehearsal = strategy.Optional("rehearse").Described("Whether a test failover, on no network or on the switch that is named, proves before its outage that each machine comes up where it goes.").Either(
            single => new Rehearsal(single.Boolean(fallback: true), Switch: null),
            mapping => new Rehearsal(IsMade: true, mapping.Required("switch", "the name of a private or internal switch")
                .Described("The private or internal switch of the host where the machines go. The application check is run on it too.").Name(1, 256))) ?? new Rehearsal(IsMade: true, Switch: null);
        return new HostToHostSpec
        {
            Outage = OutageReader.Read(strategy.Optional("outage").Described("Who approves the outages of each wave; any operator by default.")) ?? defaults.Outage,
            Accept = strategy.Optional("accept").Described("Whether machines that were verified where they have gone stay there without another question.").Choice(Consents, defaults.Accept),
            ShutdownTimeout = strategy.Optional("shutdownTimeout").Described("How long a guest may take to shut down.")
                .Duration(TimeSpan.FromSeconds(10), TimeSpan.FromHours(2)) ?? defaults.ShutdownTimeout,
            StepTimeout = strategy.Optional("stepTimeout").Described("How long one step may take while the service is down; then a person is asked.")
                .Duration(TimeSpan.FromMinutes(1), TimeSpan.FromHours(24), defaults.StepTimeout),
            CopyTimeout = strategy.Optional("copyTimeout").Described("How long one copy may take while production runs, or a machine be in step and not fit to switch; then a person is asked.")
                .Duration(TimeSpan.FromMinutes(1), TimeSpan.FromDays(90), defaults.CopyTimeout),
            Rehearse = rehearsal.IsMade,
            RehearsalSwitch = rehearsal.Switch,
            Verify = VerificationReader.Read(strategy.Optional("verify").Described("How a machine is checked after its start where it has gone.")),
            Hooks = HooksReader.Read(strategy.Optional("hooks").Described("Programs beside the coordinator's application checks, run by the same rules; each may be run more than once.")),
            Networks = NetworkReader.Read(strategy.Optional("networks").Described("What the machines' adapters get where they go, by the switch that they are at where production runs. They keep what they have by default.")),
        };
    }

    private sealed record Rehearsal(bool IsMade, string? Switch);

    /// <summary>A strategy, with what it needs.</summary>
    internal sealed record Choice(Strategy Strategy)
    {
        public HostToHostSpec? HostToHost { get; init; }

        public TestFailoverSpec? TestFailover { get; init; }

        public PlannedDrillSpec? PlannedDrill { get; init; }
    }
}

/// <summary>The <c>hooks</c> of the strategy and of a wave.</summary>
internal static class HooksReader
{
    public static HooksSpec? Read(Field field) => field.Mapping(hooks => new HooksSpec(
        hooks.Optional("beforeOutage").Described("Run before the service goes down, which it must not while the program fails.").Name(1, 63) ?? string.Empty,
        hooks.Optional("afterVerify").Described("Run after the machine has come up where it has gone, which it has not while the program fails.").Name(1, 63) ?? string.Empty));
}

/// <summary>The <c>outage</c> of the strategy and of a wave.</summary>
internal static class OutageReader
{
    private const int MaxApprovers = 100;

    private static readonly Dictionary<string, bool> Automatic = new(StringComparer.Ordinal) { ["automatic"] = true };

    /// <summary>Reads it; null when it is not there.</summary>
    public static OutageSpec? Read(Field field) => field.Either(
        single => single.Choice(Automatic, "automatic or {approval: {by: [NAME]}}") is true ? new OutageSpec(Automatic: true, []) : null,
        ReadMapping);

    private static OutageSpec ReadMapping(MappingReader outage)
    {
        var automatic = outage.Optional("automatic").Described("Whether no approval is needed.").Boolean(false);
        var approval = outage.Optional("approval").Described("One of these people must approve; any operator by default.");
        var approvers = approval.Mapping(by => by.Required("by", "a list of at least one approver").Described("Who may approve: the names in their certificates.")
            .List(approver => approver.Name(1, 255), minimum: 1, MaxApprovers));
        if (automatic && approval.IsPresent)
        {
            approval.Reject("no approval of what is automatic", $"{approval.Path} cannot be used with automatic: {outage.Path} needs an approval, or none.");
        }

        return new OutageSpec(automatic, approvers ?? [])
        {
            MaxLag = outage.Optional("maxLag").Described("How far a machine at home may be behind when its service goes down; one that is further behind is held. Any by default")
                .Duration(TimeSpan.FromSeconds(1), TimeSpan.FromDays(30)),
        };
    }
}
