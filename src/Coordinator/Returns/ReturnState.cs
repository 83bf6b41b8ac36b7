using System.Text.Json.Serialization;
using HostAgent.Failover;

namespace HostAgent.Coordinator.Returns;

/// <summary>Everything that is kept of a return.</summary>
internal sealed record ReturnState : IKeptState
{
    /// <summary>The return. Agents know it as the campaign of its operations.</summary>
    public required Guid Uid { get; init; }

    public required Guid Machine { get; init; }

    public required string MachineName { get; init; }

    public required string RecoveryHost { get; init; }

    public required string HomeHost { get; init; }

    public required DateTimeOffset CreateTime { get; init; }

    public required string CreatedBy { get; init; }

    public required ReturnPlan Plan { get; init; }

    public Goal Goal { get; init; }

    /// <summary>The campaign whose item it is; null when a person began it.</summary>
    public ReturnOwner? Owner { get; init; }

    /// <summary>The drill that it is a way of; null when the machine goes home for good.</summary>
    public ReturnDrill? Drill { get; init; }

    /// <summary>Whether it is the way there of a drill: home, here, is then the host of the replica.</summary>
    [JsonIgnore]
    public bool IsWayThere => Drill is { IsWayBack: false };

    /// <summary>Whether it is a return between these hosts, in this direction.</summary>
    public bool GoesBetween(string recoveryHost, string homeHost)
        => string.Equals(RecoveryHost, recoveryHost, StringComparison.OrdinalIgnoreCase) && string.Equals(HomeHost, homeHost, StringComparison.OrdinalIgnoreCase);

    /// <summary>Who had it go back, and why; empty while nobody had.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public string GoesBackFor { get; init; } = "";

    /// <summary>Whether it goes on by itself.</summary>
    public bool Running { get; init; }

    public FailoverRecords Records { get; init; } = new();

    public SiteMemory Recovery { get; init; } = new();

    public SiteMemory Home { get; init; } = new();

    /// <summary>The step whose outcome is not known yet; null when none is being made.</summary>
    public MadeStep? InHand { get; init; }

    /// <summary>The newest steps, oldest first.</summary>
    public IReadOnlyList<MadeStep> Steps { get; init; } = [];

    /// <summary>How many steps were begun.</summary>
    public int StepCount { get; init; }

    /// <summary>The fencing number of the process that acts for it.</summary>
    public long Epoch { get; init; }

    public long Version { get; init; }

    /// <summary>When it ended; null before.</summary>
    public DateTimeOffset? EndTime { get; init; }

    /// <summary>How it ended; null before, and for a refusal.</summary>
    public Outcome? Outcome { get; init; }

    /// <summary>Why it was refused; null otherwise.</summary>
    public Refusal? Refusal { get; init; }

    /// <summary>Since when the switch has the service down; null while it is up.</summary>
    public DateTimeOffset? OutageSince { get; init; }

    /// <summary>Whether an operation is that of one of its steps.</summary>
    public bool Made(Guid operation) => InHand?.OperationId == operation || Steps.Any(step => step.OperationId == operation);

    public SiteMemory At(Side side) => side == Side.Recovery ? Recovery : Home;

    public string HostOf(Side side) => side == Side.Recovery ? RecoveryHost : HomeHost;

    public ReturnState With(Side side, SiteMemory memory) => side == Side.Recovery ? this with { Recovery = memory } : this with { Home = memory };
}

/// <summary>The campaign that a return belongs to.</summary>
/// <param name="Campaign">The campaign's uid.</param>
/// <param name="Name">Its resource name.</param>
/// <param name="Attempt">The attempt of its item that joined the return last.</param>
internal sealed record ReturnOwner(Guid Campaign, string Name, int Attempt)
{
    /// <summary>The only people who approve its outage, a line each; empty for any operator.</summary>
    public string OutageApprovers { get; init; } = "";
}

/// <summary>One way of a planned drill.</summary>
/// <param name="IsWayBack">Whether it is the way home.</param>
/// <param name="StartedBy">Who started the campaign.</param>
/// <param name="BeginTime">When the way there was begun.</param>
/// <param name="ProofValidFor">How long it counts when the machine is home again.</param>
internal sealed record ReturnDrill(bool IsWayBack, string StartedBy, DateTimeOffset BeginTime, TimeSpan ProofValidFor);

/// <summary>How a machine is to come home, as it was asked for.</summary>
internal sealed record ReturnPlan
{
    public TimeSpan ShutdownTimeout { get; init; } = TimeSpan.FromMinutes(10);

    public TimeSpan HeartbeatTimeout { get; init; } = TimeSpan.FromMinutes(10);

    public bool IgnoreHeartbeat { get; init; }

    /// <summary>The application check; empty for none.</summary>
    public string ApplicationCheck { get; init; } = "";

    /// <summary>The site's program that is run before the service goes down; empty for none.</summary>
    public string BeforeOutage { get; init; } = "";

    /// <summary>The site's program that is run after the machine has come up at home; empty for none.</summary>
    public string AfterVerify { get; init; } = "";

    public bool OffIsFine { get; init; }

    /// <summary>The addresses that its guest must have; null for those that it had at the recovery site.</summary>
    public IReadOnlyList<string>? ExpectedAddresses { get; init; }

    /// <summary>Each adapter must have an address, whichever it is.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool AnyAddress { get; init; }

    /// <summary>Neither connections nor addresses are looked at.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IgnoreNetwork { get; init; }

    /// <summary>It is rehearsed at home before its outage.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Rehearse { get; init; }

    /// <summary>What its adapters get at home; null when they keep what they have.</summary>
    public IReadOnlyList<Campaigns.Spec.NetworkSpec>? Networks { get; init; }

    /// <summary>The isolated switch that it is rehearsed on, with its application check; null for no network, and then without.</summary>
    public string? RehearsalSwitch { get; init; }

    /// <summary>How long one step may take while the service is down; null for the decision's own.</summary>
    public TimeSpan? StepTimeout { get; init; }

    /// <summary>How long one copy may take; null for the decision's own.</summary>
    public TimeSpan? CopyTimeout { get; init; }

    /// <summary>The same for the decision.</summary>
    public FailoverSpec ToSpec() => FailoverSpec.Default with
    {
        OffIsFine = OffIsFine,
        Rehearse = Rehearse,
        StepWithin = StepTimeout ?? FailoverSpec.Default.StepWithin,
        FitWithin = CopyTimeout ?? FailoverSpec.Default.FitWithin,
    };
}

/// <summary>What is remembered of one site between two reads.</summary>
internal sealed record SiteMemory
{
    public RunHistory Runs { get; init; } = RunHistory.None;

    /// <summary>The facts of the last read that was answered, as the agent sent them; null before the first.</summary>
    public byte[]? LastFacts { get; init; }

    /// <summary>A person has stated that the machine is off there. It holds until the host answers.</summary>
    public bool StatedOff { get; init; }

    /// <summary>The host has shown that it does not have the machine: whatever it has of it later holds none of the former disks.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool HadNone { get; init; }

    /// <summary>Its network adapters, as they were when they were last read while it ran there; null before.</summary>
    public SeenNetwork? Network { get; init; }

    /// <summary>When its adapters were last found to be as the plan has them, while it waited there as a replica; null when they were not, or are to be looked at anew.</summary>
    public DateTimeOffset? NetworkReadyTime { get; init; }
}

/// <summary>One step of a return.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Side">Where.</param>
/// <param name="OperationId">The agent's operation; null for a check that the coordinator makes.</param>
/// <param name="StartTime">When it was begun.</param>
internal sealed record MadeStep(int Number, StepKind Kind, Side Side, Guid? OperationId, DateTimeOffset StartTime)
{
    public DateTimeOffset? EndTime { get; init; }

    public bool Succeeded { get; init; }

    public string Explanation { get; init; } = "";

    /// <summary>The approval that it uses up, for the records.</summary>
    public Step ToStep() => new(Kind, Side);
}

/// <summary>The stored form of a return. Names and enum words are part of the file: they may be added to, never changed.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ReturnState))]
internal sealed partial class ReturnJson : JsonSerializerContext
{
    /// <summary>How returns are kept.</summary>
    public static KeptForm<ReturnState> Form => new(Store.States.StateFamily.Returns, Default.ReturnState);
}
