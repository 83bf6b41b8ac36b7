using HostAgent.HyperV.VirtualMachines;

namespace HostAgent.Agent.MachineReads;

/// <summary>Why a machine last ceased to run. The numbers equal those of the contract, the names are stored.</summary>
internal enum StopCause
{
    /// <summary>Not known.</summary>
    Unknown = 1,

    /// <summary>An operation of this agent.</summary>
    Ours = 2,

    /// <summary>Its guest, or a person, while the host was up.</summary>
    Guest = 3,

    /// <summary>The host went down under it.</summary>
    HostDown = 4,
}

/// <summary>When a machine last started and stopped, as far as it was seen.</summary>
/// <param name="LastStart">When it last started; null when not known.</param>
/// <param name="LastStop">When it last ceased to run; null when not known.</param>
/// <param name="Cause">Why it did; null before a stop was seen.</param>
/// <param name="Running">Whether it ran when it was last seen.</param>
internal sealed record MachineRun(DateTimeOffset? LastStart = null, DateTimeOffset? LastStop = null, StopCause? Cause = null, bool Running = false)
{
    // A management service may date the stop of a machine whose host lost its power to the moment at which it found it off.
    private static readonly TimeSpan FoundOffAfterBoot = TimeSpan.FromMinutes(2);

    /// <summary>Whether a look at the machine ends a run or shows another stop than the known one, so that its cause must be found.</summary>
    public bool IsEndedBy(EnabledState power, DateTimeOffset? since) => IsOff(power) && (Running || since != LastStop);

    /// <summary>Takes a look at the machine.</summary>
    /// <param name="power">The power state.</param>
    /// <param name="since">Since when, by the host's clock; null when it does not tell.</param>
    /// <param name="booted">When the host was started; null when not known.</param>
    /// <param name="stoppedByOwn">Whether an operation of this agent has stopped the machine since it last started.</param>
    public MachineRun Seen(EnabledState power, DateTimeOffset? since, DateTimeOffset? booted, bool stoppedByOwn)
        => power == EnabledState.Running ? this with { LastStart = since ?? LastStart, Running = true }
            : !IsEndedBy(power, since) ? this
            : new MachineRun(LastStart, since, CauseOf(since, booted, stoppedByOwn));

    private static bool IsOff(EnabledState power) => power is EnabledState.Off or EnabledState.Saved or EnabledState.FastSaved or EnabledState.Hibernated;

    private StopCause CauseOf(DateTimeOffset? since, DateTimeOffset? booted, bool stoppedByOwn) => (Running, LastStart, booted) switch
    {
        _ when stoppedByOwn => StopCause.Ours,
        // A run that was not seen has no cause: it may have ended in any way.
        (true, { } started, { } boot) when boot <= started => StopCause.Guest,
        (true, { } started, { } boot) when boot > started && (since is null || since <= boot + FoundOffAfterBoot) => StopCause.HostDown,
        _ => StopCause.Unknown,
    };
}
