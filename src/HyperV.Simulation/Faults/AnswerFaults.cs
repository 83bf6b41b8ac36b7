using HostAgent.HyperV.Failback;

namespace HostAgent.HyperV.Simulation.Faults;

/// <summary>The call answers with a return code instead of starting a job. Estate kind: <c>answers</c>.</summary>
/// <param name="Code">The return code, for example 32768 to 32779, or an undocumented one; neither 0 nor 4096.</param>
public sealed record AnswerFault(ReturnCode Code) : Fault
{
    internal override FaultAnswer Answer => new(Code, TakesEffect: false);
}

/// <summary>InitiateFailback takes effect, but its answer is lost: the call fails with RPC_S_CALL_FAILED. Estate kind: <c>answerLost</c>.</summary>
public sealed record AnswerLostFault : Fault
{
    internal override bool LosesAnswer => true;
}

/// <summary>The call completes synchronously: it answers 0 with a null Job, and the failback is complete. Estate kind: <c>answersAtOnce</c>.</summary>
public sealed record SynchronousAnswerFault : Fault
{
    internal override FaultAnswer Answer => new(ReturnCode.Completed, TakesEffect: true);
}

/// <summary>InitiateFailback's answer under a fault.</summary>
/// <param name="Code">The return code.</param>
/// <param name="TakesEffect">Whether the failback completes synchronously although there is no job.</param>
internal sealed record FaultAnswer(ReturnCode Code, bool TakesEffect);

/// <summary>
/// The caller has no access. On a host, every call to the namespace fails with WBEM_E_ACCESS_DENIED; on a virtual machine,
/// InitiateFailback answers 32769. Estate kind: <c>accessDenied</c>.
/// </summary>
public sealed record AccessDeniedFault : Fault
{
    internal override bool AffectsCalls => false;
}

/// <summary>The host returns no rows and no error, as for a caller that is not elevated. Hosts only. Estate kind: <c>emptyResult</c>.</summary>
public sealed record EmptyResultFault : Fault
{
    internal override bool AffectsCalls => false;
}

/// <summary>
/// Every call to the host's namespace takes this long, on the real clock. A method takes effect immediately and only its answer is late, so
/// a caller can time out although the call took effect. Hosts only. Estate kind: <c>slowCalls</c>.
/// </summary>
/// <param name="Delay">The delay; above zero.</param>
public sealed record SlowCallsFault(TimeSpan Delay) : Fault
{
    internal override bool AffectsCalls => false;
}

/// <summary>
/// Another caller was first: the failback starts, but it is that caller's, and this call is answered 32774 without a job. The host counts
/// the failback like any other. Estate kind: <c>raced</c>.
/// </summary>
public sealed record RacedFault : Fault
{
    internal override bool IsAnotherCallers => true;
}
