namespace HostAgent.Agent.Operations;

/// <summary>What an operation's state implies.</summary>
internal static class OperationStates
{
    /// <summary>Whether nothing more will happen.</summary>
    public static bool IsTerminal(this OperationState state) => state >= OperationState.Succeeded;

    /// <summary>Whether it is one of the two successes.</summary>
    public static bool IsSuccess(this OperationState state)
        => state is OperationState.Succeeded or OperationState.SucceededWithWarnings;
}
