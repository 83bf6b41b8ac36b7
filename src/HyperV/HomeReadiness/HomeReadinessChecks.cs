using HostAgent.HyperV.Readiness;

namespace HostAgent.HyperV.HomeReadiness;

/// <summary>What the checks of a return between two hosts demand.</summary>
public sealed record HomeReadinessRules
{
    /// <summary>The defaults.</summary>
    public static HomeReadinessRules Default { get; } = new();

    /// <summary>From which difference of the hosts' clocks on a person is asked.</summary>
    /// <value>The default is one minute.</value>
    public TimeSpan ClocksAsk { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>From which difference on the return is refused.</summary>
    /// <value>The default is five minutes, which Kerberos tolerates.</value>
    public TimeSpan ClocksBlock { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a certificate must still be valid.</summary>
    /// <value>The default is 30 days: for the first copy, the switch, and a renewal.</value>
    public TimeSpan CertificateValidity { get; init; } = TimeSpan.FromDays(30);

    /// <summary>The share of a volume that must be free, 0 to 1.</summary>
    /// <value>The default is 0.15.</value>
    public double MinimumFreeVolume { get; init; } = 0.15;

    /// <summary>The ids of adapters whose VLAN at home is set for them, so that it may be another than at the recovery side.</summary>
    public IReadOnlyList<string> PlannedVlans { get; init; } = [];
}

/// <summary>
/// Whether a machine can return from the recovery side to home: a pure function of what the two hosts told. A fact that a host did not show, and a comparison
/// with a copy that home does not have yet, pass and say so. What no host shows is not among the checks: bandwidth policies, exclusions of virus
/// scanners, backup schedules, nodes that are drained or updated, restarts that are due, groups of machines, the order in which firmware boots, storage that the
/// guest reaches by itself, and licences; and what several machines need together, which is not seen from one.
/// </summary>
public static class HomeReadinessChecks
{
    /// <summary>Makes every check.</summary>
    /// <param name="recovery">The side that the machine runs at.</param>
    /// <param name="home">The side that it returns to.</param>
    /// <param name="clocksApart">By how much the two hosts' clocks differ; null when nobody has measured it. Two readings at different moments do not tell.</param>
    /// <param name="now">The time.</param>
    /// <param name="rules">The rules; null for the defaults.</param>
    /// <returns>The checks, in the order of <see cref="HomeCheckId"/>.</returns>
    /// <exception cref="ArgumentException">The facts are of two machines.</exception>
    public static IReadOnlyList<ReadinessCheck> Make(HomeFacts recovery, HomeFacts home, TimeSpan? clocksApart, DateTimeOffset now, HomeReadinessRules? rules = null)
    {
        ArgumentNullException.ThrowIfNull(recovery);
        ArgumentNullException.ThrowIfNull(home);
        if (recovery.Id != home.Id)
        {
            throw new ArgumentException($"The facts are of two machines: {recovery.Id} at the recovery side, {home.Id} at home.", nameof(home));
        }

        var pair = new HomePair(recovery, home);
        rules ??= HomeReadinessRules.Default;
        return
        [
            .. new HomeServerChecks(pair, rules, now).Make(clocksApart),
            .. new HomeMachineChecks(pair).Make(),
            .. new HomeDiskChecks(pair, rules).Make(),
            .. new HomeNetworkChecks(pair, rules).Make(),
            .. new HomeGuestChecks(pair).Make(),
        ];
    }
}

/// <summary>The two sides, and the words for what is not known of them.</summary>
internal sealed record HomePair(HomeFacts Recovery, HomeFacts Home)
{
    public HomeMachine? AtRecovery => Recovery.Machine;

    public HomeMachine? AtHome => Home.Machine;

    /// <summary>The side in a sentence.</summary>
    public string Name(HomeFacts side) => side.HostName is { } name ? $"{Role(side)} {name}" : Role(side);

    /// <summary>Why a fact of a side is not known.</summary>
    public string Unknown(HomeFacts side, string subject)
        => $"not checked: {Name(side)} did not show its {subject}{(side.Unread.FirstOrDefault(one => one.Subject == subject) is { } unread ? $" ({unread.Why})" : "")}";

    /// <summary>The same of the machine there.</summary>
    public string UnknownOfMachine(HomeFacts side, string subject)
        => side.Machine is null ? $"not checked: {Name(side)} does not have the machine" : Unknown(side, subject);

    private string Role(HomeFacts side) => ReferenceEquals(side, Home) ? "home" : "the recovery side";
}
