using System.Collections.Frozen;
using System.Reflection;
using Grpc.Core;
using HostAgent.Contracts.Failback.V1;
using HostAgent.Coordinator.Agents;
using HostAgent.Failover;
using HostAgent.HyperV.HomeReadiness;
using HostAgent.HyperV.VirtualMachines;
using HostAgent.Transport;
using CheckSeverity = HostAgent.HyperV.Readiness.CheckSeverity;
using HomeFacts = HostAgent.HyperV.HomeReadiness.HomeFacts;
using ReadinessCheck = HostAgent.HyperV.Readiness.ReadinessCheck;

namespace HostAgent.Coordinator.Returns;

/// <summary>Whether a machine can return, as both hosts showed it.</summary>
/// <param name="Checks">Every check.</param>
/// <param name="Time">When both hosts had been read.</param>
internal sealed record PreflightReport(IReadOnlyList<ReadinessCheck> Checks, DateTimeOffset Time)
{
    /// <summary>Whether no check that blocks has failed.</summary>
    public bool Ready => !Checks.Any(check => check is { Passed: false, Severity: CheckSeverity.Blocking });

    /// <summary>What has failed and is more than information.</summary>
    public IEnumerable<ReadinessCheck> Against => Checks.Where(check => check is { Passed: false, Severity: CheckSeverity.Blocking or CheckSeverity.Overridable });
}

/// <summary>Asks both hosts of a return what its checks need, and makes them.</summary>
internal sealed class HomePreflight(AgentRegistry registry, AgentClient calls, TimeProvider time)
{
    private const string RecoveryNotAnswering = "RECOVERY_NOT_ANSWERING";
    private const string HomeNotAnswering = "HOME_NOT_ANSWERING";
    private const string NotAvailable = "HOME_CHECKS_NOT_AVAILABLE";

    /// <summary>The id of every check that there is.</summary>
    public static FrozenSet<string> Ids { get; } = typeof(HomeCheckId).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (string)field.GetRawConstantValue()!)
        .Concat([RecoveryNotAnswering, HomeNotAnswering, NotAvailable])
        .ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Reads both hosts at once and makes every check.</summary>
    public async Task<PreflightReport> CheckAsync(ReturnState state, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var asked = (Recovery: AskAsync(state, Side.Recovery, began, cancellationToken), Home: AskAsync(state, Side.Home, began, cancellationToken));
        var (recovery, home) = (await asked.Recovery, await asked.Home);
        var now = time.GetUtcNow();
        if (recovery.Facts is { } there && home.Facts is { } here)
        {
            // Each host's clock was read at the end of its reading, which each answer follows at once: what both lag behind our own clock tells them apart.
            return new PreflightReport(HomeReadinessChecks.Make(there, here, (there.Clock - recovery.Answered) - (here.Clock - home.Answered), now, RulesOf(state)), now);
        }

        var checks = new List<ReadinessCheck>();
        Silent(recovery, RecoveryNotAnswering);
        Silent(home, HomeNotAnswering);
        if (new[] { recovery, home }.Where(answer => answer.IsOlder).Select(answer => answer.Host).ToList() is { Count: > 0 } older)
        {
            checks.Add(new ReadinessCheck(
                NotAvailable, Passed: false, CheckSeverity.Overridable,
                $"not checked: the agent of {string.Join(" and of ", older)} is older than these checks",
                "Update the agent, or accept that nobody has checked whether the machine can run at home."));
        }

        return new PreflightReport(checks, now);

        void Silent(Answer answer, string id)
        {
            if (answer.Silence is { } why)
            {
                checks.Add(new ReadinessCheck(id, Passed: false, CheckSeverity.Blocking, $"{answer.Host} does not answer: {why}", "Bring the host and its agent back, then check again."));
            }
        }
    }

    // What the campaign sets at home is read back there by itself.
    private static HomeReadinessRules RulesOf(ReturnState state) => HomeReadinessRules.Default with
    {
        PlannedVlans = HomeNetwork.PlannedVlans(state),
    };

    private async Task<Answer> AskAsync(ReturnState state, Side side, long began, CancellationToken cancellationToken)
    {
        var host = state.HostOf(side);
        if (!registry.TryFind(host, out var connection))
        {
            return new Answer(host) { Silence = $"host {host} is not in the inventory any more" };
        }

        var id = new VirtualMachineId(state.Machine);
        try
        {
            var request = new GetHomeFactsRequest { VirtualMachineId = id.ToString() };
            var message = await calls.CallAsync(connection, options => connection.Operations.GetHomeFactsAsync(request, options).ResponseAsync, cancellationToken);
            return new Answer(host) { Answered = DateTimeOffset.UnixEpoch + time.GetElapsedTime(began), Facts = new HomeFactsReading(host).Read(message, id) };
        }
        catch (RpcFailure failure)
        {
            return failure.StatusCode == StatusCode.Unimplemented ? new Answer(host) { IsOlder = true } : new Answer(host) { Silence = failure.Message };
        }
    }

    // Answered counts from the same moment for both hosts, on a clock that nobody sets.
    private sealed record Answer(string Host)
    {
        public HomeFacts? Facts { get; init; }

        public DateTimeOffset Answered { get; init; }

        public string? Silence { get; init; }

        public bool IsOlder { get; init; }
    }
}
