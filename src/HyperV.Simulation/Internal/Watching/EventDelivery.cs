using HostAgent.HyperV.Simulation.Faults;

namespace HostAgent.HyperV.Simulation.Internal.Watching;

/// <summary>Which events of a watch arrive, and how late.</summary>
/// <param name="LostShare">The share that is lost, 0 to 1.</param>
/// <param name="Late">How late the others come.</param>
internal sealed record EventDelivery(double LostShare, TimeSpan Late)
{
    public static EventDelivery Of(IReadOnlyList<Fault> faults) => new(
        faults.OfType<EventsLostFault>().FirstOrDefault() is { } lost ? lost.Percent / 100 : 0,
        faults.OfType<EventsLateFault>().FirstOrDefault()?.Delay ?? TimeSpan.Zero);

    /// <summary>Whether the event of that number, from 0, is lost: evenly spread, so that a run can be repeated.</summary>
    public bool Loses(long number) => Math.Floor((number + 1) * LostShare) > Math.Floor(number * LostShare);
}
