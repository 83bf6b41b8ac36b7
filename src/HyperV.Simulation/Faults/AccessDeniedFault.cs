namespace HostAgent.HyperV.Simulation.Faults;

/// <summary>
/// The caller has no rights. On a host every call to the namespace fails with WBEM_E_ACCESS_DENIED; on a virtual machine
/// InitiateFailback answers 32769. Estate kind: <c>accessDenied</c>.
/// </summary>
public sealed record AccessDeniedFault : Fault
{
    internal override bool StrikesCalls => false;
}
