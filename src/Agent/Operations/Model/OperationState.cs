namespace HostAgent.Agent.Operations.Model;

/// <summary>The state of an operation. The numbers are stored in the journal and equal those of the contract.</summary>
internal enum OperationState
{
    /// <summary>Journaled, waiting for a free slot.</summary>
    Queued = 1,

    /// <summary>The intent is durable; the method is being invoked.</summary>
    Starting = 2,

    /// <summary>The host accepted; its job is running.</summary>
    Running = 3,

    /// <summary>Terminal: done.</summary>
    Succeeded = 4,

    /// <summary>Terminal: done, and the job reported warnings.</summary>
    SucceededWithWarnings = 5,

    /// <summary>Terminal: refused or failed.</summary>
    Failed = 6,

    /// <summary>Terminal: cancelled before it was started, or its job terminated on request.</summary>
    Cancelled = 7,

    /// <summary>Terminal for the agent: the outcome is unknown; an operator must check the machine.</summary>
    UnknownOutcome = 8,
}

/// <summary>What an operation's state implies.</summary>
internal static class OperationStates
{
    /// <summary>Whether nothing more will happen.</summary>
    public static bool IsTerminal(this OperationState state) => state >= OperationState.Succeeded;

    /// <summary>Whether it is one of the two successes.</summary>
    public static bool IsSuccess(this OperationState state)
        => state is OperationState.Succeeded or OperationState.SucceededWithWarnings;
}
