using System.Globalization;
using System.Text.Json;
using HostAgent.Transport;

namespace HostAgent.EndToEnd.Tests.Peers;

/// <summary>Another language's gRPC, with nothing of ours but the contracts and the certificates, against a real agent.</summary>
public sealed class PythonPeerTests
{
    [Fact]
    public async Task Python_operator_lists_the_machines_and_streams_one_failback_to_its_success()
    {
        await SkipWithoutPythonAsync();
        await using var agent = await SimulatedAgent.StartAsync();
        var python = new PythonPeer(agent.Address, agent.Issue(PeerRole.Coordinator, "python"));
        var operation = Guid.NewGuid().ToString();

        var list = await python.RunAsync("list", "--page-size", "2");

        list.ExitCode.ShouldBe(0, list.Everything);
        list.Lines.Select(machine => Text(machine, "name")).ShouldBe(agent.Host.VirtualMachines.Select(machine => machine.Name).Order(StringComparer.Ordinal), list.Everything);

        var failback = await python.RunAsync("failback", "--vm", Text(list.Lines[0], "id"), "--operation-id", operation);

        failback.ExitCode.ShouldBe(0, failback.Everything);
        var progress = failback.Lines;
        Text(progress[0], "kind").ShouldBe("PROGRESS_KIND_ACCEPTED", failback.Everything);
        Text(progress[^1], "kind").ShouldBe("PROGRESS_KIND_CONCLUDED", failback.Everything);
        Text(progress[^1], "state").ShouldBe("OPERATION_STATE_SUCCEEDED", failback.Everything);
        progress.ShouldAllBe(message => Text(message, "operation_id") == operation);
        var sequences = progress.Select(message => long.Parse(Text(message, "sequence"), CultureInfo.InvariantCulture)).ToList();
        sequences.ShouldBeInOrder(SortDirection.Ascending, failback.Everything);

        // The same id once more joins the operation that is over, and starts nothing.
        var again = await python.RunAsync("failback", "--vm", Text(list.Lines[0], "id"), "--operation-id", operation);

        again.ExitCode.ShouldBe(0, again.Everything);
        Text(again.Lines[^1], "state").ShouldBe("OPERATION_STATE_SUCCEEDED", again.Everything);
        var host = await python.RunAsync("host");
        Text(host.Lines.ShouldHaveSingleItem(), "simulated_initiations").ShouldBe("1", host.Everything);
    }

    [Fact]
    public async Task Python_operator_is_told_richly_that_a_machine_does_not_exist()
    {
        await SkipWithoutPythonAsync();
        await using var agent = await SimulatedAgent.StartAsync();
        var unknown = Guid.NewGuid().ToString();

        var failback = await new PythonPeer(agent.Address, agent.Issue(PeerRole.Coordinator, "python")).RunAsync("failback", "--vm", unknown);

        failback.ExitCode.ShouldBe(3, failback.Everything);
        var error = failback.Lines.ShouldHaveSingleItem().GetProperty("error");
        Text(error, "code").ShouldBe("NOT_FOUND", failback.Everything);
        Text(error, "reason").ShouldBe("VIRTUAL_MACHINE_NOT_FOUND", failback.Everything);
        Text(error, "domain").ShouldBe(RpcFailure.ProductDomain, failback.Everything);
        Text(error, "message").ShouldContain(unknown, Case.Insensitive);
    }

    [Fact]
    public async Task Python_viewer_may_look_but_not_start()
    {
        await SkipWithoutPythonAsync();
        await using var agent = await SimulatedAgent.StartAsync();
        var python = new PythonPeer(agent.Address, agent.Issue(PeerRole.Viewer, "python"));

        var list = await python.RunAsync("list");
        var failback = await python.RunAsync("failback", "--vm", agent.Host.VirtualMachines[0].Id.ToString());

        list.ExitCode.ShouldBe(0, list.Everything);
        failback.ExitCode.ShouldBe(3, failback.Everything);
        var error = failback.Lines.ShouldHaveSingleItem().GetProperty("error");
        Text(error, "code").ShouldBe("PERMISSION_DENIED", failback.Everything);
        Text(error, "reason").ShouldBe("ROLE_NOT_ALLOWED", failback.Everything);
    }

    [Fact]
    public async Task Python_peer_of_another_authority_gets_no_connection()
    {
        await SkipWithoutPythonAsync();
        await using var agent = await SimulatedAgent.StartAsync();
        await using var other = await SimulatedAgent.StartAsync();
        var files = other.Issue(PeerRole.Coordinator, "python");
        files.AuthorityPath = agent.Issue(PeerRole.Viewer, "unused").AuthorityPath;

        var list = await new PythonPeer(agent.Address, files).RunAsync("list");

        list.ExitCode.ShouldBe(3, list.Everything);
        Text(list.Lines.ShouldHaveSingleItem().GetProperty("error"), "code").ShouldBe("UNAVAILABLE", list.Everything);
    }

    private static async Task SkipWithoutPythonAsync()
    {
        if (await PythonPeer.FindLackAsync() is { } lack)
        {
            Assert.Skip($"The Python peer cannot run here: {lack}");
        }
    }

    private static string Text(JsonElement element, string property) => element.GetProperty(property).ToString();
}
