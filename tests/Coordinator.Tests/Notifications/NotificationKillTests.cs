using System.Collections.Concurrent;
using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Coordinator.Tests.Support;
using HostAgent.Coordinator.Tests.Support.Processes;

namespace HostAgent.Coordinator.Tests.Notifications;

/// <summary>A coordinator that is killed each time between an event and the delivery of what tells it.</summary>
public sealed class NotificationKillTests : CoordinatorTest
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("killed-");
    private Receiver _receiver = null!;

    public override async ValueTask InitializeAsync() => _receiver = await new Receiver(Pki).StartAsync();

    private protected override async ValueTask CleanAsync()
    {
        await _receiver.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    [Fact]
    public async Task Every_transition_arrives_and_what_arrives_twice_has_the_same_id_and_says_the_same()
    {
        var agent = await AddAgentAsync("hv-west-01", "vm-1", "vm-2", "vm-3");
        var seen = new ConcurrentDictionary<string, bool>(StringComparer.Ordinal);
        var killed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        // The first time, the coordinator dies before it has the answer.
        _receiver.Answer = (received, context) =>
        {
            if (!seen.TryAdd(received.Id, true))
            {
                return Task.CompletedTask;
            }

            killed.TrySetResult();
            return Task.Delay(Timeout.Infinite, context.RequestAborted);
        };
        string[] arguments = [.. _receiver.Channel("ops", ("Timeout", "00:01:00")), "--Coordinator:Notifications:Interval", "00:00:01"];
        var (name, kills) = ("", 0);
        while (true)
        {
            killed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var coordinator = await CoordinatorProcess.StartAsync(Pki, _directory.FullName, agent, arguments: arguments);
            if (name.Length == 0)
            {
                name = (await coordinator.CreateAsync("home", "waves: [{name: canary, take: 1, gate: {approval: {by: [dr-lead]}}}, {name: second, take: 1, gate: {approval: {by: [dr-lead]}}}, {name: rest}]")).Name;
                await coordinator.StartAsync(name);
            }

            using var stop = new CancellationTokenSource();
            var finished = _receiver.UntilAsync(() => _receiver.Taken.Any(one => one.Counts.ContainsKey("campaign.finished")), "the end");
            var approving = ApproveAsync(coordinator, name, stop.Token);
            var first = await Task.WhenAny(finished, killed.Task);
            await stop.CancelAsync();
            await approving;
            if (first == finished)
            {
                await finished;
                break;
            }

            kills++;
        }

        kills.ShouldBeGreaterThanOrEqualTo(3);
        _receiver.Got.GroupBy(one => one.Id).ShouldAllBe(same => same.Select(one => one.Body).Distinct(StringComparer.Ordinal).Count() == 1);
        _receiver.Taken.Select(one => one.Id).ShouldBeUnique();
        _receiver.Taken.SelectMany(one => one.Counts).GroupBy(one => one.Key).ToDictionary(one => one.Key, one => one.Sum(count => count.Value))
            .ShouldBe(new Dictionary<string, int> { ["campaign.started"] = 1, ["approval.waiting"] = 2, ["approval.given"] = 2, ["wave.ended"] = 3, ["campaign.finished"] = 1 }, ignoreOrder: true);
    }

    // A person approves what he was told of. The coordinator may be killed in the middle of it.
    private async Task ApproveAsync(CoordinatorProcess coordinator, string name, CancellationToken cancellationToken)
    {
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        try
        {
            while (await look.WaitForNextTickAsync(cancellationToken))
            {
                if ((await coordinator.GetAsync(name)).Waves.Select((wave, index) => (wave, index)).FirstOrDefault(one => one.wave.State == WaveState.AtGate) is ({ } waiting, var index)
                    && _receiver.Taken.Sum(one => one.Counts.GetValueOrDefault("approval.waiting")) > index)
                {
                    await coordinator.Campaigns.ApproveWaveAsync(new ApproveWaveRequest { Name = name, Wave = waiting.Name }, cancellationToken: cancellationToken);
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or RpcException)
        {
            // The next coordinator is asked again.
        }
    }
}
