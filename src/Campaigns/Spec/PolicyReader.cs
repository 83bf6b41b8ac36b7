using HostAgent.Documents;

namespace HostAgent.Campaigns.Spec;

/// <summary>Limits, tolerance, retry, timeouts and readiness.</summary>
internal static class PolicyReader
{
    private const int MaxItems = 1_000_000;
    private const int MaxChecks = 200;

    /// <summary>Short enough for rehearsals with accelerated time.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);

    public static LimitsSpec ReadLimits(MappingReader limits) => new()
    {
        Campaign = limits.Optional("campaign").Amount(1, MaxItems),
        Host = limits.Optional("host").Amount(1, MaxItems) ?? new LimitsSpec().Host,
        Site = limits.Optional("site").Amount(1, MaxItems),
        Link = limits.Optional("link").Amount(1, MaxItems),
        Tenant = limits.Optional("tenant").Amount(1, MaxItems),
    };

    public static ToleranceSpec ReadTolerance(MappingReader tolerance) => new()
    {
        Failures = tolerance.Optional("failures").Amount(0, MaxItems) ?? Amount.Count(0),
        PerHost = tolerance.Optional("perHost").Amount(0, MaxItems),
        Window = tolerance.Optional("window").Mapping(window => new FailureWindowSpec(
            window.Required("failures", "a number or percentage of failures").Amount(0, MaxItems) ?? Amount.Count(0),
            window.Required("in", "a duration, such as 15m").Duration(TimeSpan.FromSeconds(1), TimeSpan.FromDays(7)) ?? TimeSpan.Zero)),
        OnBreach = tolerance.Optional("onBreach").Choice(new Dictionary<string, BreachAction>(StringComparer.Ordinal)
        {
            ["pause"] = BreachAction.Pause,
            ["stop"] = BreachAction.Stop,
        }) ?? BreachAction.Pause,
    };

    public static RetrySpec ReadRetry(MappingReader retry)
    {
        var defaults = new RetrySpec();
        var maxField = retry.Optional("max");
        var spec = new RetrySpec
        {
            Attempts = retry.Optional("attempts").Integer(1, 100) ?? defaults.Attempts,
            Initial = retry.Optional("initial").Duration(Shortest, TimeSpan.FromDays(1)) ?? defaults.Initial,
            Factor = retry.Optional("factor").Number(1, 10) ?? defaults.Factor,
            Max = maxField.Duration(Shortest, TimeSpan.FromDays(1)) ?? defaults.Max,
            Jitter = retry.Optional("jitter").Number(0, 1) ?? defaults.Jitter,
            FailedJobs = retry.Optional("failedJobs").Boolean() ?? defaults.FailedJobs,
        };
        if (spec.Max < spec.Initial)
        {
            var initial = DurationText.Write(spec.Initial);
            maxField.Reject($"a duration from {initial}", maxField.IsPresent
                ? null
                : $"{maxField.Path} is {DurationText.Write(spec.Max)} when left out, which is shorter than initial, {initial}; it must be at least that.");
        }

        return spec;
    }

    public static TimeoutsSpec ReadTimeouts(MappingReader timeouts)
    {
        var defaults = new TimeoutsSpec();
        return new TimeoutsSpec
        {
            Item = timeouts.Optional("item").Duration(TimeSpan.FromSeconds(1), TimeSpan.FromDays(90)) ?? defaults.Item,
            NoProgress = timeouts.Optional("noProgress").Duration(TimeSpan.FromSeconds(1), TimeSpan.FromDays(90)) ?? defaults.NoProgress,
            Unreachable = timeouts.Optional("unreachable").Duration(TimeSpan.FromSeconds(1), TimeSpan.FromDays(90)) ?? defaults.Unreachable,
        };
    }

    public static ReadinessSpec ReadReadiness(MappingReader readiness) => new()
    {
        Required = readiness.Optional("required").Boolean() ?? new ReadinessSpec().Required,
        MaxAge = readiness.Optional("maxAge").Duration(TimeSpan.FromSeconds(1), TimeSpan.FromDays(30)) ?? new ReadinessSpec().MaxAge,
        Ignore = readiness.Optional("ignore").List(ReadCheck, maximum: MaxChecks),
    };

    private static string? ReadCheck(Field field)
    {
        var check = field.Text(1, 64);
        if (check is not null && !check.All(character => char.IsAsciiLetterUpper(character) || char.IsAsciiDigit(character) || character == '_'))
        {
            field.Reject("the id of a readiness check in UPPER_SNAKE_CASE, such as REPLICATION_LAG");
        }

        return check;
    }
}
