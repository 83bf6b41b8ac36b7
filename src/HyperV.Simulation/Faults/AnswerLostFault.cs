namespace HostAgent.HyperV.Simulation.Faults;

/// <summary>InitiateFailback takes effect, but its answer is lost on the way: the call fails with RPC_S_CALL_FAILED. Estate kind: <c>answerLost</c>.</summary>
public sealed record AnswerLostFault : Fault
{
    internal override bool LosesAnswer => true;
}
