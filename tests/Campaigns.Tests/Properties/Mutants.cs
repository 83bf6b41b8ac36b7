using HostAgent.Campaigns.Messages;
using HostAgent.Campaigns.Spec;
using HostAgent.Campaigns.States;
using HostAgent.Campaigns.Tests.Rules;
using HostAgent.Campaigns.Tests.Worlds;
using HostAgent.Documents;

namespace HostAgent.Campaigns.Tests.Properties;

/// <summary>Machines that are wrong on purpose: for each rule, ways of breaking it that its property must notice.</summary>
internal static class Mutants
{
    public static IReadOnlyDictionary<string, Mutant> All { get; } = new[]
    {
        new Mutant("1 a call that may have arrived is taken for one that did not", Rule1, new() { Hears = (input, _) => [input is AttemptUndelivered call ? call with { MayHaveBeenDelivered = false } : input] }),
        new Mutant("1 where the agent's journal stood is forgotten", Rule1, new() { Hears = (input, _) => input is AttemptClaimed ? [] : [input] }),
        new Mutant("1 the intent is not stored", Rule1, new() { Stores = each => each is not ItemStarting }),
        new Mutant("1 the takeover is not stored", Rule1, new() { Stores = each => each is not EpochAdvanced }),
        new Mutant("2 the limit of the campaign is forgotten", Rule2, Limits(limits => limits with { Campaign = null })),
        new Mutant("2 the limit of the host is forgotten", Rule2, Limits(limits => limits with { Host = null })),
        new Mutant("2 the limit of the site is forgotten", Rule2, Limits(limits => limits with { Site = null })),
        new Mutant("2 the limit of the link is forgotten", Rule2, Limits(limits => limits with { Link = null })),
        new Mutant("2 the limit of the tenant is forgotten", Rule2, Limits(limits => limits with { Tenant = null })),
        new Mutant("2 what is starting does not count as in flight", Rule2, new() { Tampers = (machine, _) => machine.State.Whole.InFlight = machine.State.Counts[ItemStatus.Running] }),
        new Mutant("3 one failure more is tolerated", Rule3, Tolerance(tolerance => tolerance with { Failures = new Amount(tolerance.Failures.Number + (tolerance.Failures.IsPercentage ? 20 : 1), tolerance.Failures.IsPercentage) })),
        new Mutant("3 the window's failures are forgotten", Rule3, Tolerance(tolerance => tolerance with { Window = null })),
        new Mutant("3 a breach that must stop only pauses", Rule3, Tolerance(tolerance => tolerance with { OnBreach = BreachAction.Pause })),
        new Mutant("4 dependencies are forgotten", Rule4, new() { Plan = plan => plan with { Items = [.. plan.Items.Select(item => item with { Dependencies = [] })], Dependencies = [] } }),
        new Mutant("4 dependants are not skipped", Rule4, new() { Tampers = (machine, _) => machine.State.Dependencies.ForEach(dependency => dependency.Waiting.Clear()) }),
        new Mutant("5 approvals are not asked for", Rule5, Gates(gate => gate with { Approvers = [] })),
        new Mutant("5 anybody may approve", Rule5, Gates(gate => gate with { Approvers = [.. gate.Approvers, "mallory"] })),
        new Mutant("5 nothing soaks", Rule5, Gates(gate => gate with { Soak = TimeSpan.Zero })),
        new Mutant("6 a pause cancels what runs", Rule6, new() { Hears = PauseThatCancels }),
        new Mutant("6 a cancellation needs no confirmation", Rule6, new() { Hears = (input, _) => [input is CancelItem cancel ? cancel with { ConfirmPossibleDataLoss = true } : input] }),
        new Mutant("7 what must never be repeated is repeated", Rule7, Class(RetryClass.Never, RetryClass.BackOff)),
        new Mutant("7 an invalid state is repeated after a look", Rule7, Class(RetryClass.InvalidState, RetryClass.RereadState)),
        new Mutant("7 a code that needs a look is repeated without", Rule7, Class(RetryClass.RereadState, RetryClass.BackOff)),
        new Mutant("7 failed jobs are repeated though nobody allowed it", Rule7, Retry(retry => retry with { FailedJobs = true })),
        new Mutant("7 one attempt more is made", Rule7, Retry(retry => retry with { Attempts = retry.Attempts + 1 })),
        new Mutant("7 there is no pause", Rule7, Retry(retry => retry with { Initial = TimeSpan.FromMilliseconds(1) })),
        new Mutant("8 failures of a host open no breaker", Rule8, Tolerance(tolerance => tolerance with { PerHost = null })),
        new Mutant("8 failed calls open no breaker", Rule8, Hosts(host => host.UnreachableInARow = 0)),
        new Mutant("8 an open breaker is taken for closed", Rule8, Hosts(host => host.Circuit.Status = host.Circuit.Status == BreakerStatus.Open ? BreakerStatus.Closed : host.Circuit.Status)),
        new Mutant("8 a half-open breaker lets everything through", Rule8, Hosts(host => host.Circuit.Probe = -1)),
        new Mutant("8 a site has no breaker", Rule8, Hosts(host =>
        {
            host.Site.FailingHosts.Clear();
            host.Site.SilentHosts.Clear();
        })),
        new Mutant("9 readiness is not asked for", Rule9, Readiness(readiness => readiness with { Required = false })),
        new Mutant("9 a check never gets too old", Rule9, Readiness(readiness => readiness with { MaxAge = TimeSpan.FromDays(300) })),
        new Mutant("9 a check outlives an edit", Rule9, new() { Hears = (input, machine) => [input is ReadinessChecked found ? found with { Revision = machine.State.Revision } : input] }),
        new Mutant("9 a change of the replication state is not heard", Rule9, new() { Hears = (input, _) => input is ReplicationStateChanged ? [] : [input] }),
        new Mutant("9 what is not ready is taken for ready", Rule9, new() { Hears = (input, _) => [input is ReadinessChecked found ? found with { Ready = true } : input] }),
        new Mutant("10 the percentage is not looked at", Rule10, new() { Hears = (input, _) => [input is AttemptProgressed progress ? progress with { Percent = null } : input] }),
        new Mutant("10 every percentage is said to go back", Rule10, new() { Hears = (input, _) => input is AttemptProgressed progress ? [progress with { Percent = 100 }, progress] : [input] }),
        new Mutant("11 an event is not stored", null, new() { Stores = each => each is not ItemRunning }),
        new Mutant("11 the state knows the time", null, new() { Tampers = (machine, now) => machine.State.Items.ToList().ForEach(item => item.Explanation = now.ToString("O")) }),
    }.ToDictionary(mutant => mutant.Name, StringComparer.Ordinal);

    private static RuleChecker Rule1() => new Rule01AtMostOneInitiation();

    private static RuleChecker Rule2() => new Rule02Limits();

    private static RuleChecker Rule3() => new Rule03Tolerance();

    private static RuleChecker Rule4() => new Rule04Dependencies();

    private static RuleChecker Rule5() => new Rule05Waves();

    private static RuleChecker Rule6() => new Rule06StopIsNotCancel();

    private static RuleChecker Rule7() => new Rule07RetryByClass();

    private static RuleChecker Rule8() => new Rule08Breakers();

    private static RuleChecker Rule9() => new Rule09Readiness();

    private static RuleChecker Rule10() => new Rule10Progress();

    private static Sabotage Limits(Func<LimitsSpec, LimitsSpec> change) => new() { Spec = spec => spec with { Limits = change(spec.Limits) } };

    private static Sabotage Tolerance(Func<ToleranceSpec, ToleranceSpec> change) => new() { Spec = spec => spec with { Tolerance = change(spec.Tolerance) } };

    private static Sabotage Retry(Func<RetrySpec, RetrySpec> change) => new() { Spec = spec => spec with { Retry = change(spec.Retry) } };

    private static Sabotage Readiness(Func<ReadinessSpec, ReadinessSpec> change) => new() { Spec = spec => spec with { Readiness = change(spec.Readiness) } };

    private static Sabotage Gates(Func<GateSpec, GateSpec> change)
        => new() { Spec = spec => spec with { Waves = [.. spec.Waves.Select(wave => wave.Gate is { } gate ? wave with { Gate = change(gate) } : wave)] } };

    private static Sabotage Class(RetryClass from, RetryClass to)
        => new() { Hears = (input, _) => [input is AttemptFailed failed && failed.Class == from ? failed with { Class = to } : input] };

    private static Sabotage Hosts(Action<CampaignHost> change) => new()
    {
        Tampers = (machine, _) =>
        {
            foreach (var host in machine.State.Hosts)
            {
                change(host);
                machine.State.Waiting.Refresh(host);
            }
        },
    };

    private static IEnumerable<CampaignInput> PauseThatCancels(CampaignInput input, CampaignMachine machine)
        => input is PauseCampaign
            ? [input, .. machine.State.InFlightItems.Select(index => new CancelItem(machine.State.Items[index].Id, true, "ann", ""))]
            : [input];
}
