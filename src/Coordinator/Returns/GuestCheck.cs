using System.Globalization;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Coordinator.Agents;
using HostAgent.Coordinator.Options;
using HostAgent.Texts;
using HostAgent.Transport;
using Microsoft.Extensions.Options;

namespace HostAgent.Coordinator.Returns;

/// <summary>A machine that was started.</summary>
/// <param name="Machine">Its GUID.</param>
/// <param name="Name">The display name of the machine, or of that of which it is a test.</param>
/// <param name="Host">The host where it runs.</param>
/// <param name="Plan">How it is checked.</param>
internal sealed record StartedGuest(Guid Machine, string Name, string Host, ReturnPlan Plan)
{
    /// <summary>The machine of which it is a test; null for the machine itself.</summary>
    public Guid? TestOf { get; init; }

    /// <summary>What its application check is run for, as the check is told.</summary>
    public string Occasion { get; init; } = "VERIFY";

    /// <summary>Which way of a planned drill it has gone, THERE or BACK; empty for none.</summary>
    public string Drill { get; init; } = "";

    /// <summary>The site's program that is run after it has come up; empty for none.</summary>
    public string AfterVerify { get; init; } = "";

    /// <summary>How its network should be; null where that is not looked at.</summary>
    public ExpectedNetwork? Network { get; init; }

    /// <summary>The machine of a return, started on one side: its network should be as it was at the recovery site, unless its campaign has rules for home.</summary>
    public static StartedGuest Of(ReturnState state, Failover.Side side)
    {
        var home = side == Failover.Side.Home ? HomeNetwork.Of(state) : HomeNetwork.None;
        return new(state.Machine, state.MachineName, state.HostOf(side), state.Plan)
        {
            Network = new ExpectedNetwork(state.Plan, home.Expected(state.Recovery.Network)) { Wanted = home.Adapters },
            AfterVerify = side == Failover.Side.Home ? state.Plan.AfterVerify : "",
            Drill = WayOf(state),
        };
    }

    /// <summary>Which way of a planned drill a return is; empty for none.</summary>
    public static string WayOf(ReturnState state) => state.Drill switch { null => "", { IsWayBack: true } => "BACK", _ => "THERE" };
}

/// <summary>
/// Checks whether a machine has come up: its heartbeat while its power-on counter grows, its network, and an application check of the site's own. The
/// application check is a program in a directory of the coordinator's settings, run without a shell: what it needs is in its environment, its exit code is the
/// verdict.
/// </summary>
internal sealed class GuestCheck(AgentRegistry registry, AgentClient calls, TimeProvider time, IOptions<CoordinatorOptions> options)
{
    private const int GoodReads = 3;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    // A machine that has stopped, and a host that has gone, are for the decision and not for patience.
    private static readonly TimeSpan GoneAtMost = TimeSpan.FromSeconds(20);

    private readonly SitePrograms _programs = new(time, options);

    /// <summary>Checks a machine that was started.</summary>
    /// <param name="guest">The machine.</param>
    /// <param name="show">Shows what it waits for.</param>
    /// <param name="cancellationToken">Gives up; nothing is decided.</param>
    /// <returns>Succeeded: it has come up as it should. <see cref="StepEnd.IsVerdict"/> is false when there was nothing to check.</returns>
    public async Task<StepEnd> CheckAsync(StartedGuest guest, Action<string> show, CancellationToken cancellationToken)
    {
        var seen = "its heartbeat is not asked for";
        if (!guest.Plan.IgnoreHeartbeat)
        {
            var (end, heartbeat) = await WaitAsync(guest, new HeartbeatRule().Judge, GoodReads, withAdapters: false, show, cancellationToken);
            if (end is not null)
            {
                return end;
            }

            seen = heartbeat;
        }

        if (guest is { Network: { } expected, Plan.IgnoreNetwork: false })
        {
            // A guest takes its addresses after it has begun to answer: they may take as long again.
            var (end, network) = await WaitAsync(guest, facts => NetworkOf(expected, facts), goodReads: 1, withAdapters: true, show, cancellationToken);
            if (end is not null)
            {
                return end;
            }

            seen = $"{seen}; {network}";
        }

        var up = guest.Plan.ApplicationCheck.Length == 0
            ? new StepEnd(Succeeded: true, $"It has come up: {seen}.")
            : await ProgramAsync(guest, guest.Plan.ApplicationCheck, "application check", guest.Occasion, $"It has come up: {seen}; ", show, cancellationToken);
        return !up.Succeeded || guest.AfterVerify.Length == 0 ? up
            : await ProgramAsync(guest, guest.AfterVerify, "program", "AFTER_VERIFY", $"{up.Explanation} ", show, cancellationToken);
    }

    /// <summary>Runs the site's program before the service goes down.</summary>
    /// <param name="state">The machine's return.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Succeeded: the service may go down.</returns>
    public Task<StepEnd> BeforeOutageAsync(ReturnState state, CancellationToken cancellationToken) => state.Plan.BeforeOutage is not { Length: > 0 } name
        ? Task.FromResult(new StepEnd(Succeeded: true, ""))
        : ProgramAsync(new StartedGuest(state.Machine, state.MachineName, state.HomeHost, state.Plan) { Drill = StartedGuest.WayOf(state) }, name, "program", "BEFORE_OUTAGE", "", _ => { }, cancellationToken);

    /// <summary>Why a name is not that of an application check; null when it is.</summary>
    public string? WhyNot(string name)
    {
        if (options.Value.ApplicationChecks is not { Length: > 0 } directory)
        {
            return $"is '{name}'; this coordinator has no application checks ({CoordinatorOptions.Section}:{nameof(CoordinatorOptions.ApplicationChecks)} is not set)";
        }

        var known = Directory.Exists(directory) ? Directory.EnumerateFiles(directory).Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal).ToList() : [];
        return known.Contains(name, StringComparer.Ordinal) ? null : $"is '{VisibleText.Line(name)}'; it must be one of {(known.Count == 0 ? $"the files in {directory}, which has none" : string.Join(", ", known))}";
    }

    private static (Judged Judged, string Text) NetworkOf(ExpectedNetwork expected, MachineFacts facts)
    {
        var (outcome, text) = expected.Compare(facts.NetworkAdapters);
        return (outcome switch { NetworkOutcome.Differs => Judged.Bad, NetworkOutcome.DiffersYet => Judged.NotYet, _ => Judged.Good }, text);
    }

    // Returns the end when it is a bad one, and what was seen last.
    private async Task<(StepEnd? End, string Text)> WaitAsync(
        StartedGuest guest, Func<MachineFacts, (Judged Judged, string Text)> judge, int goodReads, bool withAdapters, Action<string> show, CancellationToken cancellationToken)
    {
        var (began, goneSince) = (time.GetTimestamp(), (long?)null);
        for (var good = 0; ; await Task.Delay(Pause, time, cancellationToken))
        {
            var (judged, text) = await LookAsync(guest, judge, withAdapters, cancellationToken);
            show(text);
            good = judged == Judged.Good ? good + 1 : 0;
            goneSince = judged == Judged.Gone ? goneSince ?? time.GetTimestamp() : null;
            if (good >= goodReads)
            {
                return (null, text);
            }

            if (goneSince is { } since && time.GetElapsedTime(since) >= GoneAtMost)
            {
                return (new StepEnd(Succeeded: false, $"Nothing to check: {text}.") { IsVerdict = false }, text);
            }

            if (judged == Judged.Bad)
            {
                return (new StepEnd(Succeeded: false, $"It has started: {text}."), text);
            }

            if (judged != Judged.Good && time.GetElapsedTime(began) >= guest.Plan.HeartbeatTimeout)
            {
                return (new StepEnd(Succeeded: false, string.Create(CultureInfo.InvariantCulture, $"After {guest.Plan.HeartbeatTimeout.TotalSeconds:0} seconds {text}.")), text);
            }
        }
    }

    private async Task<(Judged Judged, string Text)> LookAsync(
        StartedGuest machine, Func<MachineFacts, (Judged Judged, string Text)> judge, bool withAdapters, CancellationToken cancellationToken)
    {
        if (!registry.TryFind(machine.Host, out var connection))
        {
            return (Judged.Gone, $"host {machine.Host} is not in the inventory");
        }

        try
        {
            var request = new GetMachineFactsRequest { VirtualMachineId = machine.Machine.ToString("D").ToUpperInvariant(), IncludeAdapters = withAdapters };
            var facts = await calls.CallAsync(connection, call => connection.Operations.GetMachineFactsAsync(request, call).ResponseAsync, cancellationToken);
            return facts.Guest is null ? (Judged.Gone, $"the machine does not run on {machine.Host}") : judge(facts);
        }
        catch (RpcFailure failure)
        {
            return (Judged.Gone, $"{machine.Host} does not answer: {failure.Message}");
        }
    }

    private Task<StepEnd> ProgramAsync(
        StartedGuest guest, string name, string kind, string occasion, string good, Action<string> show, CancellationToken cancellationToken)
    {
        show($"running the {kind} {name}");
        var variables = new Dictionary<string, string>
        {
            ["FAILBACK_OCCASION"] = occasion,
            ["FAILBACK_VM_ID"] = guest.Machine.ToString("D"),
            ["FAILBACK_VM_NAME"] = guest.Name,
            ["FAILBACK_HOST"] = guest.Host,
        };
        if (guest.TestOf is { } tested)
        {
            variables["FAILBACK_TEST_OF"] = tested.ToString("D");
        }

        if (guest.Drill.Length > 0)
        {
            variables["FAILBACK_DRILL"] = guest.Drill;
        }

        return _programs.RunAsync(name, kind, good, variables, cancellationToken);
    }

    private enum Judged
    {
        Good,
        NotYet,

        /// <summary>It stays as it is.</summary>
        Bad,

        /// <summary>There is nothing to judge.</summary>
        Gone,
    }

    // A machine that restarts again and again answers between two restarts: its counter must have grown since the read before.
    private sealed class HeartbeatRule
    {
        private TimeSpan? _onTime;

        public (Judged Judged, string Text) Judge(MachineFacts facts)
        {
            var (guest, before) = (facts.Guest, _onTime);
            _onTime = guest.OnTime?.ToTimeSpan();
            return (guest.Heartbeat, guest.Application) switch
            {
                (2 or 3, 32782) => (Judged.NotYet, "the guest answers, and reports that an application is critical"),
                (2 or 3, _) when _onTime <= before => (Judged.NotYet, "the guest answers, and its machine was started again meanwhile"),
                (2 or 3, _) => (Judged.Good, "the guest's heartbeat is good"),
                (12, _) => (Judged.NotYet, "the guest has not answered yet"),
                (13, _) => (Judged.NotYet, "the guest has ceased to answer"),
                (0, _) => (Judged.NotYet, "the guest has no integration services, so that it has no heartbeat"),
                var (other, _) => (Judged.NotYet, string.Create(CultureInfo.InvariantCulture, $"the guest's heartbeat is in state {other}")),
            };
        }
    }
}
