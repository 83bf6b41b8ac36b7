using HostAgent.HyperV.Simulation.Estates;
using HostAgent.HyperV.Simulation.Identifiers;
using HostAgent.HyperV.Simulation.World;

namespace HostAgent.HyperV.Simulation;

/// <summary>
/// The time to fail back an estate's machines with a fixed concurrency, found by running the same worlds without
/// faults.
/// </summary>
public static class EstateForecast
{
    /// <summary>
    /// The time, at speed 1, until every virtual machine is failed back, if each host runs a fixed number of failbacks concurrently and
    /// takes its virtual machines in order. Faults and the callers' time between calls are ignored.
    /// </summary>
    /// <param name="estate">The estate.</param>
    /// <param name="concurrentPerHost">Concurrent failbacks per host; at least 1.</param>
    public static TimeSpan EstimateDuration(this Estate estate, int concurrentPerHost)
    {
        ArgumentNullException.ThrowIfNull(estate);
        ArgumentOutOfRangeException.ThrowIfLessThan(concurrentPerHost, 1);
        return estate.Hosts.Select(host => Of(host, concurrentPerHost)).DefaultIfEmpty(TimeSpan.Zero).Max();
    }

    /// <summary>The <see cref="SimulationOptions.Speed"/> at which the whole estate is failed back in a given time.</summary>
    /// <param name="estate">The estate.</param>
    /// <param name="duration">The target time; above zero.</param>
    /// <param name="concurrentPerHost">Concurrent failbacks per host; at least 1.</param>
    public static double SpeedFor(this Estate estate, TimeSpan duration, int concurrentPerHost)
    {
        ArgumentNullException.ThrowIfNull(estate);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(duration, TimeSpan.Zero);
        var estimate = estate.EstimateDuration(concurrentPerHost);
        return estimate > TimeSpan.Zero ? estimate / duration : 1;
    }

    private static TimeSpan Of(SimulatedHostDescription host, int concurrent)
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
