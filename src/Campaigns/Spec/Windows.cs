namespace HostAgent.Campaigns.Spec;

/// <summary>When items may start: weekly or daily, from one local time to another.</summary>
/// <param name="Opens">When it opens.</param>
/// <param name="Closes">When it closes; has a day exactly when <paramref name="Opens"/> has one.</param>
/// <param name="TimeZone">The IANA time zone of both, for example Europe/Madrid.</param>
/// <param name="OnClose">What closing does.</param>
public sealed record WindowSpec(WindowTime Opens, WindowTime Closes, string TimeZone, WindowCloseAction OnClose);

/// <summary>When each phase of machines that go home host to host may begin. What is under way when its window closes goes on.</summary>
/// <param name="Sync">When machines may begin to be brought in step; null for always.</param>
/// <param name="Switch">When services may go down; null for always.</param>
public sealed record PhaseWindowsSpec(WindowSpec? Sync, WindowSpec? Switch)
{
    /// <summary>The window of a phase.</summary>
    /// <param name="phase">The phase.</param>
    /// <returns>Null for always.</returns>
    public WindowSpec? Of(PairPhase phase) => phase == PairPhase.Sync ? Sync : Switch;
}

/// <summary>The phases of a machine that goes home host to host.</summary>
public enum PairPhase
{
    /// <summary>It is brought in step while production runs on.</summary>
    Sync,

    /// <summary>Its service is switched over.</summary>
    Switch,
}

/// <summary>A local time of the week or of the day.</summary>
/// <param name="Day">The day; null for every day.</param>
/// <param name="Time">The local time.</param>
public sealed record WindowTime(DayOfWeek? Day, TimeOnly Time);

/// <summary>What happens when the window closes. Neither action affects running items.</summary>
public enum WindowCloseAction
{
    /// <summary>No item starts until the window opens again; then the campaign continues automatically.</summary>
    Drain,

    /// <summary>No item starts until the window is open again and a person has resumed the campaign.</summary>
    Pause,
}
