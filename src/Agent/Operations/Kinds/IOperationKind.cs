using HostAgent.Agent.Operations.Model;
using HostAgent.HyperV.Jobs;
using HostAgent.HyperV.Replication;

namespace HostAgent.Agent.Operations.Kinds;

/// <summary>
/// What one kind of operation adds to the machinery: how it is prepared and called, and what its results mean.
/// A further kind needs this interface and nothing else.
/// </summary>
internal interface IOperationKind
{
    /// <summary>The kind's name in the journal; never changed once released.</summary>
    string Name { get; }

    /// <summary>Looks at the host and makes the call ready, changing nothing.</summary>
    /// <exception cref="OperationRefusedException">It may not be started in the host's present state, or the host is unreachable.</exception>
    Task<PreparedCall> PrepareAsync(ReadOnlyMemory<byte> request, CancellationToken cancellationToken);

    /// <summary>Whether a job found on the operation's machine is of the kind that the method starts.</summary>
    bool Starts(ConcreteJob job);

    /// <summary>What the replication state says about an operation without a job.</summary>
    /// <param name="now">The state now.</param>
    /// <param name="before">The state before the call; null when it is not known.</param>
    StateVerdict JudgeState(ReplicationState now, ReplicationState? before);

    /// <summary>What a return code means that started no job.</summary>
    OperationOutcome JudgeReturnCode(uint returnCode, OperationSnapshot operation);

    /// <summary>What an exception of the call means when it proves that the host did nothing; null when it proves nothing.</summary>
    OperationOutcome? JudgeCallError(Exception error, OperationSnapshot operation);

    /// <summary>How a job that has ended ended; null while it has not.</summary>
    OperationOutcome? JudgeJob(ConcreteJob job, OperationSnapshot operation);
}

/// <summary>What a machine's replication state says about an operation.</summary>
internal enum StateVerdict
{
    /// <summary>It decides nothing.</summary>
    Undecided,

    /// <summary>The host is still at it.</summary>
    InProgress,

    /// <summary>The host has done it.</summary>
    Done,
}
