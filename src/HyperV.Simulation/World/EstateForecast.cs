using HostAgent.HyperV.Simulation.Engine;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.Simulation.Model;

namespace HostAgent.HyperV.Simulation.World;

/// <summary>
/// The time to fail back a host's machines with a fixed concurrency, found by running the same world without
/// faults.
/// </summary>
internal static class EstateForecast
{
    public static TimeSpan Of(SimulatedHostDescription host, int concurrent)
    {
        var faultless = host with
        {
            Faults = [],
            VirtualMachines = [.. host.VirtualMachines.Select(machine => machine with { Faults = [] })],
        };
        var began = DateTimeOffset.UnixEpoch;
        var world = new HostWorld(faultless, seed: 0, began, new Pace(1, host.LinkMegabitsPerSecond, host.MaxConcurrentJobs), TimeSpan.Zero);
        var waiting = new Queue<SimulatedVirtualMachineDescription>(faultless.VirtualMachines);
        while (waiting.Count > 0 || world.UnfinishedJobs > 0)
        {
            while (waiting.Count > 0 && world.UnfinishedJobs < concurrent)
            {
                Begin(world, waiting.Dequeue());
            }

            world.AdvanceTo(world.NextChange);
        }

        return TimeSpan.FromTicks(world.Now - began.Ticks);
    }

    private static void Begin(HostWorld world, SimulatedVirtualMachineDescription machine)
    {
        var number = world.Initiations.Count + 1;
        var job = SeededGuid.Create(0, "forecast", CimText.Guid(machine.Id));
        var plan = FailbackWork.Plan(world.Description, machine, machine.State);
        world.Apply(new FailbackInitiated(world.NowTime, number, machine.Id, 1, job, null, plan, []));
    }
}
