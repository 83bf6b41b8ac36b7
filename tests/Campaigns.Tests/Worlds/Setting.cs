using System.Globalization;
using HostAgent.Campaigns.Planning;
using HostAgent.Campaigns.Spec;
using HostAgent.Campaigns.Tests.Harness;
using HostAgent.Documents;

namespace HostAgent.Campaigns.Tests.Worlds;

/// <summary>A small random campaign: its estate and its document. Written as records, not as YAML, so that thousands cost little.</summary>
internal sealed record Setting
{
    public required IReadOnlyList<HostSetting> Hosts { get; init; }

    public LimitsSpec Limits { get; init; } = new();

    public ToleranceSpec Tolerance { get; init; } = new() { Failures = Amount.Count(9) };

    public RetrySpec Retry { get; init; } = new() { Attempts = 1 };

    public TimeoutsSpec Timeouts { get; init; } = new();

    public WaveShape Waves { get; init; }

    public bool HasDependencies { get; init; }

    public WindowSpec? Window { get; init; }

    public ReadinessSpec Readiness { get; init; } = new();

    public static Setting Random(Random random)
    {
        Amount? Maybe(int most) => random.Next(2) == 0 ? Amount.Count(random.Next(1, most + 1)) : null;
        return new Setting
        {
            Hosts = [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ => new HostSetting(
                random.Next(3) == 0 ? "south" : "west", random.Next(2) == 0 ? "east" : "north", random.Next(2) == 0 ? "blue" : "red", random.Next(1, 4)))],
            Limits = new LimitsSpec { Host = Amount.Count(random.Next(1, 4)), Campaign = Maybe(5), Site = Maybe(4), Link = Maybe(3), Tenant = Maybe(4) },
            Tolerance = new ToleranceSpec
            {
                Failures = random.Next(2) == 0 ? Amount.Percent(random.Next(0, 80)) : Amount.Count(random.Next(0, 5)),
                PerHost = random.Next(2) == 0 ? Amount.Count(random.Next(0, 2)) : null,
                Window = random.Next(3) == 0 ? new FailureWindowSpec(Amount.Count(random.Next(0, 4)), TimeSpan.FromMinutes(10)) : null,
                OnBreach = random.Next(6) == 0 ? BreachAction.Stop : BreachAction.Pause,
            },
            Retry = new RetrySpec { Attempts = random.Next(1, 4), Initial = TimeSpan.FromSeconds(20), Max = TimeSpan.FromMinutes(5), FailedJobs = random.Next(2) == 0 },
            Timeouts = new TimeoutsSpec
            {
                Item = TimeSpan.FromHours(random.Next(1, 6)),
                NoProgress = TimeSpan.FromMinutes(random.Next(10, 60)),
                Unreachable = TimeSpan.FromMinutes(random.Next(2, 30)),
            },
            Waves = (WaveShape)random.Next(5),
            HasDependencies = random.Next(2) == 0,
            Window = random.Next(5) != 0 ? null : new WindowSpec(
                new WindowTime(null, new TimeOnly(random.Next(24), 0)),
                new WindowTime(null, new TimeOnly(random.Next(24), 30)),
                "Europe/Madrid",
                (WindowCloseAction)random.Next(2)),
            Readiness = new ReadinessSpec { Required = random.Next(3) == 0, MaxAge = TimeSpan.FromMinutes(random.Next(1, 60)) },
        };
    }

    public CampaignSpec ToSpec() => new()
    {
        Name = "random",
        Labels = new Dictionary<string, string>(StringComparer.Ordinal),
        Targets = [new TargetSelector(new HostSelector(null, null, new Dictionary<string, string>(StringComparer.Ordinal)), null)],
        Waves = ToWaves(),
        Dependencies = HasDependencies ? [new DependencySpec(new DependencyEnd(new Glob("app-*"), null), new DependencyEnd(new Glob("sql-*"), null))] : [],
        Limits = Limits,
        Tolerance = Tolerance,
        Retry = Retry,
        Timeouts = Timeouts,
        Window = Window,
        Readiness = Readiness,
    };

    public EstateView ToEstate() => new([.. Hosts.Select((host, index) => Estate.Host(
        string.Create(CultureInfo.InvariantCulture, $"h{index}: ") + string.Join(' ', Enumerable.Range(0, host.Machines).Select(machine =>
            string.Create(CultureInfo.InvariantCulture, $"{(machine % 2 == 0 ? "sql" : "app")}-{index}-{machine}"))),
        host.Site,
        host.PrimarySite,
        host.Tenant))]);

    /// <summary>Settings with one thing less.</summary>
    public IEnumerable<Setting> Smaller()
    {
        for (var host = 0; host < Hosts.Count && Hosts.Count > 1; host++)
        {
            yield return this with { Hosts = [.. Hosts.Where((_, index) => index != host)] };
        }

        for (var host = 0; host < Hosts.Count; host++)
        {
            if (Hosts[host].Machines > 1)
            {
                yield return this with { Hosts = [.. Hosts.Select((other, index) => index == host ? other with { Machines = other.Machines - 1 } : other)] };
            }
        }

        foreach (var simpler in new[]
        {
            this with { Waves = WaveShape.One },
            this with { HasDependencies = false },
            this with { Window = null },
            this with { Readiness = new ReadinessSpec() },
            this with { Tolerance = Tolerance with { Window = null } },
            this with { Tolerance = Tolerance with { PerHost = null } },
            this with { Tolerance = Tolerance with { OnBreach = BreachAction.Pause } },
            this with { Retry = Retry with { FailedJobs = false } },
            this with { Retry = Retry with { Attempts = 1 } },
            this with { Limits = Limits with { Campaign = null } },
            this with { Limits = Limits with { Site = null } },
            this with { Limits = Limits with { Link = null } },
            this with { Limits = Limits with { Tenant = null } },
        })
        {
            if (simpler != this)
            {
                yield return simpler;
            }
        }
    }

    public override string ToString()
    {
        var hosts = string.Join("\n", Hosts.Select((host, index) => FormattableString.Invariant($"  h{index}: {host.Machines} machines, {host.Site} → {host.PrimarySite}, {host.Tenant}")));
        var window = Window is null ? "" : $"\n  window {Window.Opens.Time} to {Window.Closes.Time}, {Window.OnClose}";
        var readiness = Readiness.Required ? $"\n  readiness, at most {DurationText.Write(Readiness.MaxAge)} old" : "";
        return FormattableString.Invariant(
            $"""
            {hosts}
              waves {Waves}{(HasDependencies ? ", app-* after sql-*" : "")}
              limits campaign {Limits.Campaign}, host {Limits.Host}, site {Limits.Site}, link {Limits.Link}, tenant {Limits.Tenant}
              tolerance {Tolerance.Failures}, per host {Tolerance.PerHost}, in 10m {Tolerance.Window?.Failures}, {Tolerance.OnBreach}
              {Retry.Attempts} attempts{(Retry.FailedJobs ? ", failed jobs too" : "")}; item {DurationText.Write(Timeouts.Item)}, no progress {DurationText.Write(Timeouts.NoProgress)}, unreachable {DurationText.Write(Timeouts.Unreachable)}{window}{readiness}
            """);
    }

    private IReadOnlyList<WaveSpec> ToWaves()
    {
        var (databases, applications) = (Named("sql-*"), Named("app-*"));
        return Waves switch
        {
            WaveShape.One => [new WaveSpec("all", null, null, null, null)],
            WaveShape.Ramp => [new WaveSpec("all", null, null, new RampSpec(2, 1.5), null)],
            WaveShape.Soak => [new WaveSpec("a", null, Amount.Percent(30), null, new GateSpec([], TimeSpan.FromMinutes(3))), new WaveSpec("b", null, null, null, null)],
            WaveShape.Approval => [new WaveSpec("a", databases, null, null, new GateSpec(["lead"], TimeSpan.Zero)), new WaveSpec("b", applications, null, null, null)],
            _ =>
            [
                new WaveSpec("a", null, Amount.Count(2), null, new GateSpec(["lead"], TimeSpan.FromMinutes(5))),
                new WaveSpec("b", databases, null, new RampSpec(1, 2), null),
                new WaveSpec("c", null, null, null, null),
            ],
        };

        static TargetSelector Named(string pattern) => new(
            new HostSelector(null, null, new Dictionary<string, string>(StringComparer.Ordinal)),
            new VirtualMachineSelector([new Glob(pattern)], []));
    }
}
