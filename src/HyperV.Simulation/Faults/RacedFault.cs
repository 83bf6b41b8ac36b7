namespace HostAgent.HyperV.Simulation.Faults;

/// <summary>
/// Another caller was a moment earlier: the failback begins, but it is that caller's, and this call is answered 32774 without a job. The host counts the
/// failback as it counts any. Estate kind: <c>raced</c>.
/// </summary>
public sealed record RacedFault : Fault
{
    internal override bool IsAnotherCallers => true;
}
