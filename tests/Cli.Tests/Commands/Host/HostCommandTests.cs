using HostAgent.Cli.Tests.Fakes;
using HostAgent.Contracts.Campaigns.V1;
using HostAgent.Contracts.Failback.V1;
using ListVirtualMachinesResponse = HostAgent.Contracts.Campaigns.V1.ListVirtualMachinesResponse;

namespace HostAgent.Cli.Tests.Commands.Host;

public sealed class HostCommandTests(FakeCoordinator coordinator) : IClassFixture<FakeCoordinator>, IDisposable
{
    private readonly CommandLine _failback = new(coordinator);

    public void Dispose() => _failback.Dispose();

    [Fact]
    public async Task List_gives_one_line_for_each_host()
    {
        coordinator.Hosts.List = _ => new ListHostsResponse { Hosts = { Known("hv-1", Reachability.Reachable), Known("hv-2", Reachability.Unreachable) } };

        (await _failback.RunAsync("host", "list")).ShouldBe(ExitCode.Success, _failback.Error);

        _failback.OutputLines.Count.ShouldBe(3);
        _failback.OutputLines[1].ShouldStartWith("hv-1  west  east     yes");
        _failback.OutputLines[2].ShouldContain("nothing listens there");
    }

    [Fact]
    public async Task Show_of_an_unreachable_host_says_so_and_fails()
    {
        coordinator.Hosts.Get = request => Known(request.Name.Split('/')[1], Reachability.Unreachable);

        (await _failback.RunAsync("host", "show", "hv-2")).ShouldBe(ExitCode.Failed);

        _failback.OutputLines.ShouldContain("Host:        hv-2");
        _failback.OutputLines.ShouldContain("Reachable:   NO: nothing listens there");
    }

    [Fact]
    public async Task Show_tells_of_machines_that_wait_for_a_next_step()
    {
        coordinator.Hosts.Get = request =>
        {
            var host = Known(request.Name.Split('/')[1], Reachability.Reachable);
            host.Agent ??= new Contracts.Failback.V1.Host();
            host.Agent.Unfinished.Add(new UnfinishedMachine
            {
                VirtualMachineId = "A",
                Name = "sql-01",
                What = UnfinishedWork.FailedOver,
                SinceTime = new Google.Protobuf.WellKnownTypes.Timestamp { Seconds = 1_795_316_400 },
                Advice = "First prove it.",
            });
            return host;
        };

        (await _failback.RunAsync("host", "show", "hv-1")).ShouldBe(ExitCode.Success, _failback.Error);

        _failback.OutputLines.ShouldContain(line => line.StartsWith("Unfinished:  sql-01 (A) is FAILED_OVER since ", StringComparison.Ordinal) && line.EndsWith(". First prove it.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Virtual_machines_say_whether_they_can_be_failed_back_and_why_not()
    {
        coordinator.Hosts.VirtualMachines = _ => new ListVirtualMachinesResponse
        {
            VirtualMachines =
            {
                new VirtualMachine { Name = "sql-01", Id = "A", Eligible = true, PowerState = PowerState.Off, ReplicationState = ReplicationState.Recovered, DiskBytes = 3L << 29 },
                new VirtualMachine { Name = "web-01", Id = "B", IneligibleReason = "It is running.", PowerState = PowerState.Running },
            },
        };

        (await _failback.RunAsync("host", "vms", "hosts/hv-1")).ShouldBe(ExitCode.Success, _failback.Error);

        _failback.OutputLines[1].ShouldBe("sql-01   OFF      RECOVERED    UNSPECIFIED  1.5 GiB  A   yes");
        _failback.OutputLines[2].ShouldContain("no: It is running.");
    }

    [Fact]
    public async Task Json_is_one_object()
    {
        coordinator.Hosts.List = request => request.PageToken == ""
            ? new ListHostsResponse { Hosts = { Known("hv-1", Reachability.Reachable) }, NextPageToken = "2" }
            : new ListHostsResponse { Hosts = { Known("hv-2", Reachability.Reachable) } };

        (await _failback.RunAsync("host", "list", "--output", "json")).ShouldBe(ExitCode.Success, _failback.Error);

        using var json = System.Text.Json.JsonDocument.Parse(_failback.OutputLines.ShouldHaveSingleItem());
        json.RootElement.GetProperty("hosts").GetArrayLength().ShouldBe(2);
        json.RootElement.GetProperty("hosts")[1].GetProperty("primary_site").GetString().ShouldBe("east");
        json.RootElement.GetProperty("next_page_token").GetString().ShouldBe("");
    }

    private static ManagedHost Known(string name, Reachability reachability) => new()
    {
        Name = $"hosts/{name}",
        Address = "https://10.0.0.1:7443",
        Site = "west",
        PrimarySite = "east",
        Reachability = reachability,
        UnreachableReason = reachability == Reachability.Unreachable ? "nothing listens there" : "",
    };
}
