namespace HostAgent.HyperV.Simulation.Faults;

/// <summary>The job is accepted and ends otherwise than completed. Estate kinds: <c>jobEnds</c>, and <c>jobFails</c> with state 10.</summary>
public sealed record JobEndsFault : Fault
{
    /// <summary>The JobState it ends in: 7 (with an error code), 8, 9, 10, 32768 or an unknown number. Default 10, Exception.</summary>
    public ushort JobState { get; init; } = 10;

    /// <summary>Msvm_ConcreteJob.ErrorCode. Default 32768; 0 is only meaningful for a job that ends well.</summary>
    public ushort ErrorCode { get; init; } = 32768;

    /// <summary>The error text. Null: one that fits the code.</summary>
    public string? Description { get; init; }

    /// <summary>How far the job gets, in percent of its work, 0 to 100. Default 40; a job that ends well always does all its work.</summary>
    public double AtPercent { get; init; } = 40;
}
