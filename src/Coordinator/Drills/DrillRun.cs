using System.Text.Json.Serialization;
using HostAgent.Coordinator.Returns;

namespace HostAgent.Coordinator.Drills;

/// <summary>What a drill does. The names are stored.</summary>
internal enum DrillStepKind
{
    /// <summary>Makes the test machine.</summary>
    TestFailover,

    /// <summary>Connects one of its network adapters.</summary>
    ConnectNetwork,

    /// <summary>Starts it.</summary>
    StartMachine,

    /// <summary>Checks that it has come up.</summary>
    VerifyGuest,

    /// <summary>Turns it off.</summary>
    TurnOff,

    /// <summary>Removes it.</summary>
    EndTestFailover,
}

/// <summary>How a drill ended. The names are stored.</summary>
internal enum DrillVerdict
{
    Passed,
    Failed,
    EndedEarly,
}

/// <summary>Everything that is kept of a drill.</summary>
internal sealed record DrillRun : IKeptState
{
    public required Guid Uid { get; init; }

    public required Guid Machine { get; init; }

    public required string MachineName { get; init; }

    public required string Host { get; init; }

    public required DateTimeOffset CreateTime { get; init; }

    public required string CreatedBy { get; init; }

    /// <summary>How the machine is checked.</summary>
    public required ReturnPlan Plan { get; init; }

    /// <summary>Whether it is the rehearsal of a return.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsRehearsal { get; init; }

    /// <summary>How long it is left running after it has come up.</summary>
    public TimeSpan Soak { get; init; }

    /// <summary>The switch that it is connected to; null for none.</summary>
    public string? Switch { get; init; }

    /// <summary>Whether that switch was named although it is external.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool AllowsExternal { get; init; }

    /// <summary>How long it proves that the replica boots, when it is passed; null in drills of versions that kept no proofs.</summary>
    public TimeSpan? ProofValidFor { get; init; }

    /// <summary>When the replica had last received changes before the test failover; null when the host did not say.</summary>
    public DateTimeOffset? ReplicaTime { get; init; }

    /// <summary>NO_NETWORK, or the kind of the switch as its host showed it; empty before the test failover.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public string Isolation { get; init; } = "";

    /// <summary>What it is made for; null when a person asked for it.</summary>
    public DrillOwner? Owner { get; init; }

    /// <summary>The machine that the test failover made; null before, and when none was.</summary>
    public Guid? TestMachine { get; init; }

    /// <summary>Whether the test failover was asked for: it never is again.</summary>
    public bool Made { get; init; }

    /// <summary>Whether the test machine was asked to start.</summary>
    public bool Started { get; init; }

    /// <summary>The verdict; null while there is none. Cleaning up changes it no more.</summary>
    public DrillVerdict? Verdict { get; init; }

    /// <summary>Why, for a person; what is waited for while there is no verdict.</summary>
    public string Explanation { get; init; } = "";

    public DateTimeOffset? VerdictTime { get; init; }

    /// <summary>The step whose outcome is not known yet; null when none is being made.</summary>
    public DrillStep? InHand { get; init; }

    /// <summary>The newest steps, oldest first.</summary>
    public IReadOnlyList<DrillStep> Steps { get; init; } = [];

    public int StepCount { get; init; }

    /// <summary>How many steps in a row have failed.</summary>
    public int Failures { get; init; }

    /// <summary>Since when the same is waited for; null when nothing is.</summary>
    public DateTimeOffset? WaitingSince { get; init; }

    /// <summary>The fencing number of the process that acts for it.</summary>
    public long Epoch { get; init; }

    public long Version { get; init; }

    public DateTimeOffset? EndTime { get; init; }
}

/// <summary>What a drill is made for, which holds the machine meanwhile.</summary>
/// <param name="Campaign">Its uid.</param>
/// <param name="Name">Its resource name.</param>
internal sealed record DrillOwner(Guid Campaign, string Name);

/// <summary>One step of a drill.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="OperationId">The agent's operation; null for a check that the coordinator makes.</param>
/// <param name="StartTime">When it was begun.</param>
internal sealed record DrillStep(int Number, DrillStepKind Kind, Guid? OperationId, DateTimeOffset StartTime)
{
    public DateTimeOffset? EndTime { get; init; }

    public bool Succeeded { get; init; }

    public string Explanation { get; init; } = "";
}

/// <summary>The stored form of a drill. Names and enum words are part of the file: they may be added to, never changed.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DrillRun))]
internal sealed partial class DrillJson : JsonSerializerContext
{
    /// <summary>How drills are kept.</summary>
    public static KeptForm<DrillRun> Form => new(Store.States.StateFamily.Drills, Default.DrillRun) { Proof = ProofTable.Of };
}
