using System.Globalization;
using System.Net;
using System.Runtime.Versioning;
using HostAgent.Tests.Shared;
using HostAgent.Tests.Shared.Processes;
using HostAgent.Transport;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace HostAgent.EndToEnd.Tests;

/// <summary>The coordinators of deploy/compose, with the settings that are in the file, as processes of this machine.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class ComposeTests(PostgreSqlServer server) : IClassFixture<PostgreSqlServer>, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("compose-");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void Every_coordinator_has_a_name_and_ports_of_its_own_and_the_database_is_on_no_network()
    {
        var services = (YamlMappingNode)Read()["services"];
        var coordinators = Coordinators();
        coordinators.Count.ShouldBe(3);
        coordinators.ShouldAllBe(coordinator => coordinator.Value["hostname"].ToString() == coordinator.Key);
        var published = coordinators.SelectMany(coordinator => (YamlSequenceNode)services[coordinator.Key]["ports"]).Select(port => port.ToString().Split(':')).ToList();
        published.Select(port => port[0]).ShouldBeUnique();
        published.Select(port => port[1]).Distinct().ShouldBe(["8443", "8445"]);
        ((YamlMappingNode)services["database"]).Children.ContainsKey("ports").ShouldBeFalse();
        services["database"]["command"].ToString().ShouldContain("listen_addresses=");
    }

    [Fact]
    public async Task Its_settings_are_those_of_a_coordinator_of_which_one_works_and_the_others_relay_to_it()
    {
        Assert.SkipWhen(PostgreSqlServer.Binaries is null, PostgreSqlServer.Missing);
        var database = await server.CreateDatabaseAsync();
        var etc = _directory.CreateSubdirectory("etc");
        using var authority = CertificateAuthority.Create("compose", TimeProvider.System);
        var files = authority.Issue(PeerRole.Coordinator, "dr", TimeSpan.FromHours(1), ["localhost"], [IPAddress.Loopback]).WriteTo(etc.FullName);
        File.Move(files.CertificatePath!, Path.Combine(etc.FullName, "coordinator.crt.pem"));
        File.Move(files.PrivateKeyPath!, Path.Combine(etc.FullName, "coordinator.key.pem"));
        File.Move(files.AuthorityPath!, Path.Combine(etc.FullName, "authority.crt.pem"));
        await File.WriteAllTextAsync(Path.Combine(etc.FullName, "hosts.yaml"), "apiVersion: failback/v1\nkind: Inventory\nhosts: [{name: hv-01, address: 'https://127.0.0.1:1', site: west, primarySite: east}]\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(etc.FullName, "store.password"), PostgreSqlServer.Password, TestContext.Current.CancellationToken);
        File.SetUnixFileMode(Path.Combine(etc.FullName, "store.password"), UnixFileMode.UserRead);

        var nodes = new List<ServerProcess>();
        try
        {
            foreach (var (name, settings) in Coordinators())
            {
                var environment = ((YamlMappingNode)settings["environment"]).ToDictionary(setting => setting.Key.ToString(), setting => setting.Value.ToString()
                    .Replace("/etc/failback", etc.FullName, StringComparison.Ordinal)
                    .Replace("/var/lib/failback", Path.Combine(_directory.FullName, name), StringComparison.Ordinal)
                    .Replace("/var/run/postgresql", server.Socket, StringComparison.Ordinal)
                    .Replace("0.0.0.0:8445", "127.0.0.1:0", StringComparison.Ordinal));
                environment["Coordinator__Store__Port"] = server.Port.ToString(CultureInfo.InvariantCulture);
                environment["Coordinator__Store__Database"] = database;
                nodes.Add(ServerProcess.Of(["run-coordinator", "--listen", $"127.0.0.1:{PostgreSqlServer.FreePort()}"], ServerSettings.Plain with { Environment = environment }));
            }

            await nodes[0].StartAgainAsync();
            foreach (var node in nodes.Skip(1))
            {
                node.Begin();
                await node.WroteAsync($"The coordinator at work is reached at {nodes[0].Address.GetLeftPart(UriPartial.Authority)}", Patience);
            }
        }
        finally
        {
            foreach (var node in Enumerable.Reverse(nodes))
            {
                await node.DisposeAsync();
            }
        }
    }

    private static Dictionary<string, YamlMappingNode> Coordinators()
    {
        var file = Read();
        var common = (YamlMappingNode)file["x-coordinator"];
        return ((YamlMappingNode)file["services"]).Where(service => service.Key.ToString().StartsWith("coordinator", StringComparison.Ordinal)).ToDictionary(
            service => service.Key.ToString(),
            // What the merge key of YAML does.
            service => new YamlMappingNode(common.Concat(((YamlMappingNode)service.Value).Where(setting => setting.Key.ToString() != "<<")).Select(setting => new KeyValuePair<YamlNode, YamlNode>(setting.Key, setting.Value))));
    }

    private static YamlMappingNode Read()
    {
        var yaml = new YamlStream();
        yaml.Load(new Parser(new StringReader(File.ReadAllText(Path.Combine(Repository.Root, "deploy", "compose", "compose.yaml")))));
        return (YamlMappingNode)yaml.Documents.ShouldHaveSingleItem().RootNode;
    }
}
