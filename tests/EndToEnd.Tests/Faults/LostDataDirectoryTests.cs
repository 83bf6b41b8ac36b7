using System.Globalization;
using System.Runtime.Versioning;
using Grpc.Core;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.HyperV.Simulation.Estates;
using HostAgent.Tests.Shared;
using HostAgent.Tests.Shared.Processes;

namespace HostAgent.EndToEnd.Tests.Faults;

/// <summary>
/// A coordinator with a PostgreSQL is killed while a machine comes home, and its data directory is gone, as when another machine takes its place: the return goes on where it
/// was, and nothing is done twice.
/// </summary>
[UnsupportedOSPlatform("windows")]
public sealed class LostDataDirectoryTests(PostgreSqlServer server) : IClassFixture<PostgreSqlServer>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Return_goes_on_from_the_database_alone()
    {
        Assert.SkipWhen(PostgreSqlServer.Binaries is null, PostgreSqlServer.Missing);
        var database = await server.CreateDatabaseAsync();
        var estate = EstateGenerator.GeneratePairs(1, 1, seed: 7, PairScenario.FailedOver);
        await using var cluster = await Cluster.StartAsync(estate, speed: 60, coordinator:
        [
            "--Coordinator:Store:Kind", "postgresql", "--Coordinator:Store:Host", "127.0.0.1", "--Coordinator:Store:Port", server.Port.ToString(CultureInfo.InvariantCulture),
            "--Coordinator:Store:Database", database, "--Coordinator:Store:User", "postgres",
        ]);
        await using var pair = await ReturnKillTests.OpenAsync(cluster, estate);
        var machine = ReturnKillTests.MachinesOf(pair).Single();
        var name = $"returns/{machine:D}";
        var wanted = new CreateReturnRequest { VirtualMachine = machine.ToString("D"), RecoveryHost = pair.Second.Description.Name, HomeHost = pair.First.Description.Name };
        await cluster.Returns.CreateReturnAsync(wanted);

        // In the middle of a step, with others behind it.
        var before = await GoAsync(cluster, name, shown => shown is { Step: not null, Steps.Count: >= 1 });
        await cluster.Coordinator.KillAsync();
        var data = Path.GetDirectoryName(cluster.Store)!;
        Directory.GetFiles(data).Select(Path.GetFileName).ShouldBe(["coordinator.lock"]);
        Directory.Delete(data, recursive: true);
        await cluster.Coordinator.StartAgainAsync();

        var after = await cluster.Returns.GetReturnAsync(new GetReturnRequest { Name = name });
        after.CreateTime.ShouldBe(before.CreateTime);
        after.Steps.Take(before.Steps.Count).Select(step => step.OperationId).ShouldBe(before.Steps.Select(step => step.OperationId));
        var end = await GoAsync(cluster, name, shown => shown.Next.Kind is NextKind.Done or NextKind.Ask or NextKind.Refused);

        end.Next.Code.ShouldBe("HOME", end.ToString());
        end.Steps.Select(step => step.Number).ShouldBe(Enumerable.Range(1, end.Steps.Count));
        var content = pair.Compare(machine);
        (content.BothRan, content.FirstLacks).ShouldBe((TimeSpan.Zero, TimeSpan.Zero));
        Directory.GetFiles(data).Select(Path.GetFileName).ShouldBe(["coordinator.lock"]);
        (await server.ExecuteAsync(database, "SELECT count(*) = 1 AND bool_and(has_ended) AND max(audit_sequence) = (SELECT count(*) FROM returns_audit) FROM returns")).ShouldBe(true);
    }

    // Approves what it waits for, until it is where it should be.
    private static async Task<Return> GoAsync(Cluster cluster, string name, Func<Return, bool> reached)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Patience);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        var last = new Return();
        try
        {
            while (true)
            {
                last = await cluster.Returns.GetReturnAsync(new GetReturnRequest { Name = name }, cancellationToken: deadline.Token);
                if (reached(last))
                {
                    return last;
                }

                try
                {
                    if (last is { EndTime: null, Running: false })
                    {
                        await cluster.Returns.AdvanceReturnAsync(new AdvanceReturnRequest { Name = name, RunToEnd = true }, cancellationToken: deadline.Token);
                    }
                    else if (last is { Step: null, Next.Kind: NextKind.Approval })
                    {
                        await cluster.Returns.ApproveReturnAsync(new ApproveReturnRequest { Name = name, Gate = last.Next.Gate, Evidence = last.Next.Evidence }, cancellationToken: deadline.Token);
                    }
                }
                catch (RpcException exception) when (exception.StatusCode == StatusCode.FailedPrecondition)
                {
                    // It has gone on since it was shown.
                }

                await look.WaitForNextTickAsync(deadline.Token);
            }
        }
        catch (Exception exception) when (deadline.IsCancellationRequested && exception is (RpcException or OperationCanceledException))
        {
            throw new TimeoutException($"Waited {Patience} in vain. Last: {last}\n{cluster.Coordinator.Output}", exception);
        }
    }
}
