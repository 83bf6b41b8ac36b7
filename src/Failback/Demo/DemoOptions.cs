namespace HostAgent.Failback.Demo;

/// <summary>What kind of demo is wanted.</summary>
/// <param name="Hosts">How many simulated hosts.</param>
/// <param name="VirtualMachines">How many virtual machines on each.</param>
/// <param name="Processes">Whether every agent and the coordinator get a process of their own.</param>
/// <param name="Keep">Whether everything is left running after the campaign.</param>
/// <param name="Seed">What the estate is drawn from.</param>
/// <param name="Speed">How many times faster than the clock the hosts work; null: so that the campaign takes about half a minute.</param>
internal sealed record DemoOptions(int Hosts, int VirtualMachines, bool Processes, bool Keep, int Seed, double? Speed);
