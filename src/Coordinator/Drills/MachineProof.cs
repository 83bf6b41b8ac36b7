using System.Text.Json;
using System.Text.Json.Serialization;
using HostAgent.Coordinator.Returns;
using HostAgent.Coordinator.Store;
using HostAgent.Coordinator.Store.States;

namespace HostAgent.Coordinator.Drills;

/// <summary>What a drill has shown of a machine's replica.</summary>
internal sealed record MachineProof
{
    public required Guid Machine { get; init; }

    public required string MachineName { get; init; }

    public required string Host { get; init; }

    public required Guid Drill { get; init; }

    /// <summary>Who asked for the drill, or started its campaign.</summary>
    public required string By { get; init; }

    /// <summary>The campaign or return that it was made for; empty for none.</summary>
    public string For { get; init; } = "";

    public bool Passed { get; init; }

    public required DateTimeOffset BeginTime { get; init; }

    public required DateTimeOffset VerdictTime { get; init; }

    /// <summary>Until when it proves that the replica boots; null for one that failed.</summary>
    public DateTimeOffset? ValidUntil { get; init; }

    /// <summary>When the replica had last received changes before the test; null when the host did not say.</summary>
    public DateTimeOffset? ReplicaTime { get; init; }

    /// <summary>What the isolation of a planned drill is called: the machine itself went there and came back.</summary>
    public const string InProduction = "PRODUCTION";

    /// <summary>NO_NETWORK, PRIVATE, INTERNAL, EXTERNAL or PRODUCTION; empty when it never came to the test failover.</summary>
    public string Isolation { get; init; } = "";

    public string Switch { get; init; } = "";

    /// <summary>Whether the guest's heartbeat was asked for.</summary>
    public bool Heartbeat { get; init; }

    /// <summary>The application check that was run; empty for none.</summary>
    public string ApplicationCheck { get; init; } = "";

    /// <summary>What was seen, for a person.</summary>
    public string Explanation { get; init; } = "";

    /// <summary>The resource name of the drill; of a planned drill, that of the return.</summary>
    public string DrillName => Isolation == InProduction ? Wire.ResourceNames.Return(Machine) : Wire.ResourceNames.Drill(Drill);

    /// <summary>
    /// What a planned drill has shown: passed once the machine is home again and protected, failed once its service was down and it was taken back on either way. Null before,
    /// for a drill that was called off while production ran on, and for every other return.
    /// </summary>
    public static MachineProof? Of(ReturnState state) => state is not { EndTime: { } end, Drill: { } drill } || Verdict(state, drill) is not { } verdict ? null : new MachineProof
    {
        Machine = state.Machine,
        MachineName = state.MachineName,
        Host = drill.IsWayBack ? state.RecoveryHost : state.HomeHost,
        Drill = state.Uid,
        By = drill.StartedBy,
        For = state.Owner?.Name ?? "",
        Passed = verdict.Passed,
        BeginTime = drill.BeginTime,
        VerdictTime = end,
        ValidUntil = verdict.Passed ? end + drill.ProofValidFor : null,
        Isolation = InProduction,
        Heartbeat = !state.Plan.IgnoreHeartbeat,
        ApplicationCheck = state.Plan.ApplicationCheck,
        Explanation = verdict.Explanation,
    };

    private static (bool Passed, string Explanation)? Verdict(ReturnState state, ReturnDrill drill) => (state.Outcome, drill.IsWayBack) switch
    {
        (Failover.Outcome.Home, true) => (true, $"It went to {state.RecoveryHost} by a planned failover, ran there, and came home to {state.HomeHost}."),
        (Failover.Outcome.RolledBack, true) => (false, $"It went to {state.RecoveryHost} by a planned failover, and its way home to {state.HomeHost} was taken back.{Why(state)}"),
        (Failover.Outcome.RolledBack, false) when state.Steps.Any(step => step is { Kind: Failover.StepKind.ShutDownGuest, Side: Failover.Side.Recovery })
            => (false, $"Its way to {state.HomeHost} was taken back after its service had gone down: it runs on {state.RecoveryHost}.{Why(state)}"),
        _ => null,
    };

    // What a person decided on, and what that person said.
    private static string Why(ReturnState state)
    {
        var failed = state.Steps.LastOrDefault(step => step is { EndTime: not null, Succeeded: false });
        return (failed is null ? "" : $" {Wire.UpperSnake.Of(failed.Kind)} on {state.HostOf(failed.Side)} had failed: {failed.Explanation}")
            + (state.GoesBackFor.Length > 0 ? $" Taken back by {Texts.VisibleText.Line(state.GoesBackFor)}." : "");
    }

    /// <summary>What a drill has shown; null when it has no verdict about the replica.</summary>
    public static MachineProof? Of(DrillRun run) => run is not { Verdict: DrillVerdict.Passed or DrillVerdict.Failed, VerdictTime: { } at } ? null : new MachineProof
    {
        Machine = run.Machine,
        MachineName = run.MachineName,
        Host = run.Host,
        Drill = run.Uid,
        By = run.CreatedBy,
        For = run.Owner?.Name ?? "",
        Passed = run.Verdict == DrillVerdict.Passed,
        BeginTime = run.CreateTime,
        VerdictTime = at,
        ValidUntil = run.Verdict == DrillVerdict.Passed ? at + (run.ProofValidFor ?? Campaigns.Spec.TestFailoverSpec.DefaultProofValidFor) : null,
        ReplicaTime = run.ReplicaTime,
        Isolation = run.Isolation,
        Switch = run.Switch ?? "",
        Heartbeat = !run.Plan.IgnoreHeartbeat,
        ApplicationCheck = run.Plan.ApplicationCheck,
        Explanation = run.Explanation,
    };
}

/// <summary>What is known of a machine's replica.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Passed">The newest drill that was passed; null when none was.</param>
/// <param name="Failed">The newest that failed; null when none did.</param>
internal sealed record MachineProofs(Guid Machine, MachineProof? Passed, MachineProof? Failed);

/// <summary>When a machine's replica was tested, without what was seen.</summary>
/// <param name="Machine">The machine.</param>
/// <param name="Passed">When the newest drill was passed; null when none was.</param>
/// <param name="ValidUntil">Until when it counts.</param>
/// <param name="Failed">When the newest one failed; null when none did.</param>
internal sealed record ProofDates(Guid Machine, DateTimeOffset? Passed, DateTimeOffset? ValidUntil, DateTimeOffset? Failed);

/// <summary>
/// The proofs beside the drills, one row for each machine and verdict: written with the end of a drill, in one commit, so that a proof without its drill or a drill without
/// its proof is never seen.
/// </summary>
internal sealed class ProofTable(IStateStore store)
{
    /// <summary>What a drill has shown, once it has ended and all that it made is removed.</summary>
    public static ProofWrite? Of(DrillRun run) => Of(run.EndTime is null ? null : MachineProof.Of(run));

    /// <summary>What a planned drill has shown, with the end of its way back.</summary>
    public static ProofWrite? Of(ReturnState state) => Of(MachineProof.Of(state));

    /// <summary>The dates of every machine that was ever tested, by its id.</summary>
    public async Task<IReadOnlyList<ProofDates>> DatesAsync(CancellationToken cancellationToken)
        => [.. (await store.ListProofDatesAsync(cancellationToken)).GroupBy(row => row.Machine, StringComparer.Ordinal).Select(machine => new ProofDates(
            Guid.Parse(machine.Key),
            Date(machine.FirstOrDefault(row => row.Passed != 0)?.Time),
            Date(machine.FirstOrDefault(row => row.Passed != 0)?.ValidUntil),
            Date(machine.FirstOrDefault(row => row.Passed == 0)?.Time)))];

    /// <summary>What is known of one machine.</summary>
    public async Task<MachineProofs> FindAsync(Guid machine, CancellationToken cancellationToken)
    {
        var found = (await store.FindProofsAsync(machine, cancellationToken)).Select(Read).ToList();
        return new MachineProofs(machine, found.Find(proof => proof.Passed), found.Find(proof => !proof.Passed));
    }

    private static ProofWrite? Of(MachineProof? shown) => shown is not { } proof ? null : new ProofWrite(
        proof.Machine, proof.Passed, proof.VerdictTime.UtcTicks, proof.ValidUntil?.UtcTicks, JsonSerializer.Serialize(proof, ProofJson.Default.MachineProof));

    private static MachineProof Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, ProofJson.Default.MachineProof) ?? throw new JsonException("it is empty");
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException or ArgumentException)
        {
            throw new StoreUnavailableException($"A row of proofs in the store cannot be read: {exception.Message}", exception);
        }
    }

    private static DateTimeOffset? Date(long? ticks) => ticks is { } value ? new DateTimeOffset(value, TimeSpan.Zero) : null;
}

/// <summary>The stored form of a proof. Names are part of the file: they may be added to, never changed.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(MachineProof))]
internal sealed partial class ProofJson : JsonSerializerContext;
