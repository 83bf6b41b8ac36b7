namespace HostAgent.HyperV.Simulation.Faults;

/// <summary>The host lists nothing and reports no error, as it does to a caller that is not elevated. Hosts only. Estate kind: <c>emptyResult</c>.</summary>
public sealed record EmptyResultFault : Fault
{
    internal override bool StrikesCalls => false;
}
