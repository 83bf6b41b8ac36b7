namespace HostAgent.Campaigns.Spec;

/// <summary>When items may be started: every week, or every day, from one local time to another.</summary>
/// <param name="Opens">When it opens.</param>
/// <param name="Closes">When it closes; has a day exactly when <paramref name="Opens"/> has one.</param>
/// <param name="TimeZone">The IANA time zone of both, for example Europe/Madrid.</param>
/// <param name="OnClose">What closing does.</param>
public sealed record WindowSpec(WindowTime Opens, WindowTime Closes, string TimeZone, WindowCloseAction OnClose);
