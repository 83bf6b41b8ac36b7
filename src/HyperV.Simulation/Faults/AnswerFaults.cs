using HostAgent.HyperV.Failback;

namespace HostAgent.HyperV.Simulation.Faults;

/// <summary>The call answers a return code instead of starting a job. Estate kind: <c>answers</c>.</summary>
/// <param name="Code">The return code, for example 32768 to 32779, or one that no document names; neither 0 nor 4096.</param>
public sealed record AnswerFault(ReturnCode Code) : Fault
{
    internal override FaultAnswer Answer => new(Code, TakesEffect: false);
}

/// <summary>InitiateFailback takes effect, but its answer is lost on the way: the call fails with RPC_S_CALL_FAILED. Estate kind: <c>answerLost</c>.</summary>
public sealed record AnswerLostFault : Fault
{
    internal override bool LosesAnswer => true;
}

/// <summary>The call does its work at once: it answers 0 with a null Job, and the failback is complete. Estate kind: <c>answersAtOnce</c>.</summary>
public sealed record SynchronousAnswerFault : Fault
{
    internal override FaultAnswer Answer => new(ReturnCode.Completed, TakesEffect: true);
}

/// <summary>What a fault makes InitiateFailback answer.</summary>
/// <param name="Code">The return code.</param>
/// <param name="TakesEffect">Whether the failback is carried out at once in spite of the missing job.</param>
internal sealed record FaultAnswer(ReturnCode Code, bool TakesEffect);

/// <summary>
/// The caller has no rights. On a host every call to the namespace fails with WBEM_E_ACCESS_DENIED; on a virtual machine
/// InitiateFailback answers 32769. Estate kind: <c>accessDenied</c>.
/// </summary>
public sealed record AccessDeniedFault : Fault
{
    internal override bool StrikesCalls => false;
}

/// <summary>The host lists nothing and reports no error, as it does to a caller that is not elevated. Hosts only. Estate kind: <c>emptyResult</c>.</summary>
public sealed record EmptyResultFault : Fault
{
    internal override bool StrikesCalls => false;
}

/// <summary>
/// Every call to the host's namespace takes that long, on the real clock. What a method does, it does at once; only its answer is late, so
/// that a caller's deadline may pass although the call took effect. Hosts only. Estate kind: <c>slowCalls</c>.
/// </summary>
/// <param name="Delay">How long; above zero.</param>
public sealed record SlowCallsFault(TimeSpan Delay) : Fault
{
    internal override bool StrikesCalls => false;
}

/// <summary>
/// Another caller was a moment earlier: the failback begins, but it is that caller's, and this call is answered 32774 without a job. The host counts the
/// failback as it counts any. Estate kind: <c>raced</c>.
/// </summary>
public sealed record RacedFault : Fault
{
    internal override bool IsAnotherCallers => true;
}
