using HostAgent.Agent.Operations.Model;
using HostAgent.HyperV.Jobs;

namespace HostAgent.Agent.Operations.Kinds;

/// <summary>
/// What one kind of operation adds to the machinery: how it is prepared and called, and what its results mean.
/// A further kind needs this interface and nothing else.
/// </summary>
internal interface IOperationKind
{
    /// <summary>The kind's name in the journal; never changed once released.</summary>
    string Name { get; }

    /// <summary>With which operations it shares the host's limit.</summary>
    OperationLane Lane { get; }

    /// <summary>When a call whose answer was lost is made again by the agent itself.</summary>
    LostCallRepeat Repeats { get; }

    /// <summary>
    /// Whether what the host shows at the call, and not the memory of earlier calls, keeps the operation from being made twice: a journal that has lost
    /// operations then refuses nothing.
    /// </summary>
    bool IsFencedByFacts { get; }

    /// <summary>Whether the job's good end, or the code 0, is only the beginning: the machine must show the effect.</summary>
    bool NeedsProof { get; }

    /// <summary>Whether only a job carries it out: a state that says that it is under way, without a job, is what a crash has left.</summary>
    bool WorksOnlyInJobs { get; }

    /// <summary>Whether it makes a second machine, whose GUID is a part of its outcome.</summary>
    bool MakesTestMachine { get; }

    /// <summary>Looks at the host and makes the call ready, changing nothing.</summary>
    /// <exception cref="OperationRefusedException">It may not be started in the host's present state, or the host is unreachable.</exception>
    Task<PreparedCall> PrepareAsync(ReadOnlyMemory<byte> request, CancellationToken cancellationToken);

    /// <summary>Whether a job found on the operation's machine is of the kind that the method starts.</summary>
    bool Starts(ConcreteJob job);

    /// <summary>Whether a job that appears on the machine after the method's own has ended belongs to the operation.</summary>
    bool GoesOnWith(ConcreteJob job);

    /// <summary>What the machine says about an operation without a job.</summary>
    /// <param name="now">The machine now.</param>
    /// <param name="before">The machine before the call; null when it is not known.</param>
    StateVerdict Judge(MachineShown now, MachineShown? before);

    /// <summary>Whether the machine is still as it was before the call, in all that the call could have changed.</summary>
    bool IsUnchanged(MachineShown now, MachineShown before);

    /// <summary>The machine in the words in which this kind is judged, as the end of a sentence.</summary>
    string Describe(MachineShown machine);

    /// <summary>What a return code means that started no job.</summary>
    OperationOutcome JudgeReturnCode(uint returnCode, OperationSnapshot operation);

    /// <summary>What an exception of the call means when it proves that the host did nothing; null when it proves nothing.</summary>
    OperationOutcome? JudgeCallError(Exception error, OperationSnapshot operation);

    /// <summary>How a job that has ended ended; null while it has not.</summary>
    OperationOutcome? JudgeJob(ConcreteJob job, OperationSnapshot operation);

    /// <summary>Reads back what the operation changed before it is said to have succeeded.</summary>
    /// <param name="outcome">A success.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="cancellationToken">Gives the reading up.</param>
    /// <returns>The outcome itself, or what the host shows instead.</returns>
    Task<OperationOutcome> ConfirmAsync(OperationOutcome outcome, OperationSnapshot operation, CancellationToken cancellationToken);

    /// <summary>Why a running operation without a job has taken too long; null while it may go on.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="running">The time since the call.</param>
    OperationOutcome? JudgeTime(OperationSnapshot operation, TimeSpan running);
}

/// <summary>When the agent repeats a call whose answer was lost.</summary>
internal enum LostCallRepeat
{
    /// <summary>When the host proves that the call had no effect.</summary>
    WhenUnchanged,

    /// <summary>Always: the same call again changes nothing.</summary>
    Always,

    /// <summary>Never: whoever asked must decide again on what both hosts show.</summary>
    Never,
}

/// <summary>What a machine says about an operation.</summary>
internal enum StateVerdict
{
    /// <summary>It decides nothing.</summary>
    Undecided,

    /// <summary>The host is still at it.</summary>
    InProgress,

    /// <summary>The host has done it.</summary>
    Done,
}
