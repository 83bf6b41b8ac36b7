using System.Text.RegularExpressions;
using HostAgent.Documents;

namespace HostAgent.Campaigns.Spec;

/// <summary>Limits, tolerance, retry, timeouts and readiness.</summary>
internal static partial class PolicyReader
{
    private const int MaxItems = 1_000_000;
    private const int MaxChecks = 200;
    private const string CheckRule = "the id of a readiness check in UPPER_SNAKE_CASE, such as REPLICATION_LAG";

    /// <summary>Short enough for rehearsals with accelerated time.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);

    public static LimitsSpec ReadLimits(MappingReader limits) => new()
    {
        Campaign = limits.Optional("campaign").Described("In the whole campaign.").Amount(1, MaxItems),
        Host = limits.Optional("host").Described("On each host.").Amount(1, MaxItems, LimitsSpec.DefaultHost),
        Site = limits.Optional("site").Described("On the hosts of each site.").Amount(1, MaxItems),
        Link = limits.Optional("link").Described("On each link: a pair of replica site and primary site.").Amount(1, MaxItems),
        Tenant = limits.Optional("tenant").Described("Of each tenant.").Amount(1, MaxItems),
        Switch = limits.Optional("switch").Described("With the strategy host-to-host: how many services may be down for their switch at once.").Amount(1, MaxItems),
    };

    public static ToleranceSpec ReadTolerance(MappingReader tolerance) => new()
    {
        Failures = tolerance.Optional("failures").Described("In the whole campaign: N are tolerated, the next one breaches the budget.").Amount(0, MaxItems, Amount.Count(0)),
        PerHost = tolerance.Optional("perHost").Described("On each host; a breach opens its circuit breaker.").Amount(0, MaxItems),
        Window = tolerance.Optional("window").Described("How many failures are tolerated within any span of time.").Mapping(window => new FailureWindowSpec(
            window.Required("failures", "a number or percentage of failures").Described("How many are tolerated within the span.").Amount(0, MaxItems) ?? Amount.Count(0),
            window.Required("in", "a duration, such as 15m").Described("The length of the span").Duration(TimeSpan.FromSeconds(1), TimeSpan.FromDays(7)) ?? TimeSpan.Zero)),
        OnBreach = tolerance.Optional("onBreach").Described("What a breach of the campaign does.").Choice(
            new Dictionary<string, BreachAction>(StringComparer.Ordinal)
            {
                ["pause"] = BreachAction.Pause,
                ["stop"] = BreachAction.Stop,
            },
            BreachAction.Pause),
    };

    public static RetrySpec ReadRetry(MappingReader retry)
    {
        var defaults = new RetrySpec();
        var maxField = retry.Optional("max").Described("The longest pause");
        var spec = new RetrySpec
        {
            Attempts = retry.Optional("attempts").Described("The most attempts at an item, including the first.").Integer(1, 100, defaults.Attempts),
            Initial = retry.Optional("initial").Described("The pause after the first attempt").Duration(Shortest, TimeSpan.FromDays(1), defaults.Initial),
            Factor = retry.Optional("factor").Described("What each further attempt multiplies the pause by.").Number(1, 10, defaults.Factor),
            Max = maxField.Duration(Shortest, TimeSpan.FromDays(1), defaults.Max),
            Jitter = retry.Optional("jitter").Described("The part of the pause by which it varies.").Number(0, 1, defaults.Jitter),
            FailedJobs = retry.Optional("failedJobs").Described("Whether jobs that failed are retried too.").Boolean(defaults.FailedJobs),
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
        TimeSpan? sync = null, switches = null;
        timeouts.Optional("phase").Described("With the strategy host-to-host: the phases' own item timeouts. None runs while a machine rests in step or waits for a person.").Mapping(phase =>
        {
            sync = phase.Optional("sync").Described("Until it is in step").Duration(TimeSpan.FromSeconds(1), TimeSpan.FromDays(90));
            switches = phase.Optional("switch").Described("From the outage's beginning until it is home").Duration(TimeSpan.FromSeconds(1), TimeSpan.FromDays(90));
            return phase;
        });
        return new TimeoutsSpec
        {
            Sync = sync,
            Switch = switches,
            Item = timeouts.Optional("item").Described("From an attempt's start to its end; then the item is reported as overdue and keeps its place while its agent has it").Duration(TimeSpan.FromSeconds(1), TimeSpan.FromDays(90), defaults.Item),
            NoProgress = timeouts.Optional("noProgress").Described("Without any progress of a running item; then the item is reported as overdue and keeps its place").Duration(TimeSpan.FromSeconds(1), TimeSpan.FromDays(90), defaults.NoProgress),
            Unreachable = timeouts.Optional("unreachable").Described("For a host that cannot be reached").Duration(TimeSpan.FromSeconds(1), TimeSpan.FromDays(90), defaults.Unreachable),
        };
    }

    public static ReadinessSpec ReadReadiness(MappingReader readiness) => new()
    {
        Required = readiness.Optional("required").Described("Whether the campaign checks items before they start.").Boolean(new ReadinessSpec().Required),
        MaxAge = readiness.Optional("maxAge").Described("The greatest age of a check when an item starts on it").Duration(TimeSpan.FromSeconds(1), TimeSpan.FromDays(30), new ReadinessSpec().MaxAge),
        Ignore = readiness.Optional("ignore").Described("Ids of overridable checks that the campaign accepts.")
            .List(check => check.Matching(CheckPattern(), CheckRule), maximum: MaxChecks),
    };

    [GeneratedRegex("^[A-Z0-9_]{1,64}\\z", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CheckPattern();
}
