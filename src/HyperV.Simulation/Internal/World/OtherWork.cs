namespace HostAgent.HyperV.Simulation.Internal.World;

/// <summary>Plans a job of another kind than failback: it takes its time and ends well.</summary>
internal static class OtherWork
{
    /// <param name="duration">In host time; null for a job that never ends.</param>
    public static JobPlan Plan(TimeSpan? duration) => new()
    {
        Phases = duration is { } time ? [new JobPhase(PhaseKind.Other, time.TotalSeconds, 1, 0, 100)] : [],
        Ending = new JobEnding(duration is null ? EndingKind.Holds : EndingKind.Ends),
    };
}
