using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Failover;
using HostAgent.HyperV.Replication;
using HostAgent.HyperV.Simulation.Estates;

namespace HostAgent.HyperV.Simulation.Tests.Pairs;

/// <summary>Whatever happens to two hosts, all processes that have them open, and one that opens them anew from their files, see the same.</summary>
public sealed class SamePictureTests(ITestOutputHelper output)
{
    private static readonly PairScenario[] Scenarios = Enum.GetValues<PairScenario>();

    /// <summary>PAIR_SEEDS asks for more histories than a test run has time for.</summary>
    public static TheoryData<int> Seeds
        => [.. Enumerable.Range(0, int.TryParse(Environment.GetEnvironmentVariable("PAIR_SEEDS"), System.Globalization.CultureInfo.InvariantCulture, out var asked) ? asked : 60)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task All_processes_see_the_same_after_any_history(int seed)
    {
        var random = new Random(seed);
        await using var pair = new SharedPair(
            Scenarios[seed % Scenarios.Length],
            new SimulatedLinkDescription { Latency = TimeSpan.FromMilliseconds(random.Next(3) * 40), Cuts = seed % 3 == 0 ? [new(TimeSpan.FromMinutes(random.Next(60))) { For = TimeSpan.FromMinutes(5) }] : [] })
        {
            Options = new SimulationOptions { MinimumJobRetention = TimeSpan.Zero, CompactAbove = seed % 2 == 0 ? 3000 : long.MaxValue },
        };
        var clients = new[] { await pair.OpenAsync(SharedPair.Home), await pair.OpenAsync(SharedPair.Recovery) };
        await using var look = await pair.LookAsync();
        var calls = 0;
        for (var step = 0; step < 60; step++)
        {
            pair.Pass(random.Next(4) switch { 0 => random.NextDouble() * 400, 1 => 0, _ => random.NextDouble() * 40 });
            var index = random.Next(2);
            switch (random.Next(14))
            {
                case 0:
                    await clients[index].DisposeAsync();
                    clients[index] = await pair.OpenAsync(index == 0 ? SharedPair.Home : SharedPair.Recovery);
                    break;
                case 1:
                    look.CutLink(random.Next(3) switch { 0 => null, 1 => SharedPair.Home, _ => SharedPair.Recovery });
                    break;
                case 2:
                    look.RestoreLink();
                    break;
                case 3 when random.Next(3) == 0:
                    (index == 0 ? look.First : look.Second).FailPower();
                    break;
                case 4:
                    look.First.ReturnPower();
                    look.Second.ReturnPower();
                    break;
                case 5 when random.Next(3) == 0:
                    look.First.ReturnPower();
                    look.Second.ReturnPower();
                    (index == 0 ? look.First : look.Second).RestartManagementService();
                    break;
                default:
                    calls += await CallAsync(pair, clients[index], random) ? 1 : 0;
                    break;
            }
        }

        look.RestoreLink();
        look.First.ReturnPower();
        look.Second.ReturnPower();
        await using var fresh = await pair.LookAsync();
        await SameAsync(clients[0].Host, fresh.First);
        await SameAsync(clients[1].Host, fresh.Second);
        await SameAsync(look.First, fresh.First);
        await SameAsync(look.Second, fresh.Second);
        pair.Pass(1000);
        await SameAsync(clients[0].Host, fresh.First);
        await SameAsync(clients[1].Host, look.Second);
        output.WriteLine($"{calls} calls were accepted");
    }

    // Any call at all; most are refused where the machine stands.
    private static async Task<bool> CallAsync(SharedPair pair, SharedPair.Client client, Random random)
    {
        try
        {
            if (await client.Door.FindVirtualMachineAsync(pair.Id, Stage.Token) is null)
            {
                return false;
            }

            var calls = client.Calls;
            var answer = random.Next(12) switch
            {
                0 => await calls.RequestReplicationStateAsync(pair.Id, ReplicationState.WaitingToCompleteInitialReplication, Stage.Token),
                1 => await calls.RequestReplicationStateAsync(pair.Id, ReplicationState.SyncedReplicationComplete, Stage.Token),
                2 => await calls.StartReplicationAsync(pair.Id, InitialReplicationType.Seeded, exportFolder: null, Stage.Token),
                3 => await calls.StartReplicationAsync(pair.Id, InitialReplicationType.Export, @"E:\export", Stage.Token),
                4 => await calls.ResynchronizeAsync(pair.Id, Stage.Token),
                5 => await calls.InitiateFailoverAsync(pair.Id, point: null, Stage.Token),
                6 => await calls.RevertFailoverAsync(pair.Id, Stage.Token),
                7 => await calls.StartMachineAsync(pair.Id, Stage.Token),
                8 => await calls.TurnOffAsync(pair.Id, Stage.Token),
                9 => await calls.SetStartupActionAsync(pair.Id, StartupAction.Always, Stage.Token),
                10 => await calls.CommitFailoverAsync(pair.Id, Stage.Token),
                _ => await client.Door.GetReplicationSettingsAsync(pair.Id, Stage.Token) is { } settings
                    ? await calls.ReverseReplicationAsync(pair.Id, settings.ToEmbeddedText(), Stage.Token)
                    : null,
            };
            return answer?.Job is not null;
        }
        catch (CimException exception) when (exception.ErrorCode == CimErrorCode.RpcServerUnavailable)
        {
            return false;
        }
    }

    private static async Task SameAsync(SimulatedHost one, SimulatedHost other)
    {
        var (seen, expected) = (await PictureAsync(one), await PictureAsync(other));
        seen.Except(expected).ShouldBeEmpty();
        expected.Except(seen).ShouldBeEmpty();
    }

    private static async Task<List<string>> PictureAsync(SimulatedHost host)
    {
        await using var session = host.OpenSession();
        var lines = new List<string>();
        foreach (var name in new[] { HyperVClasses.ComputerSystem, HyperVClasses.ReplicationRelationship, HyperVClasses.ConcreteJob, HyperVClasses.VirtualSystemSettingData, "Msvm_HeartbeatComponent" })
        {
            foreach (var instance in await session.ListInstancesAsync(name, [], Stage.Token))
            {
                lines.AddRange(instance.Properties.Select(one => $"{instance.Path} {one.Key}={(one.Value is Array array ? string.Join(',', array.Cast<object?>()) : one.Value)}"));
            }
        }

        return lines;
    }
}
