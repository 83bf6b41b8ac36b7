using HostAgent.HyperV.Cim;
using HostAgent.HyperV.Cim.Xml;
using HostAgent.HyperV.Simulation.Estates;
using Microsoft.Extensions.Time.Testing;

namespace HostAgent.HyperV.Simulation.Tests.Methods.Server;

/// <summary>Calls the methods that are about a host as a replica server, and reads back what they made of it.</summary>
internal static class ServerSubject
{
    public static async Task<CimMethodResult> CallAsync(Stage stage, string method, params (string Name, object? Value)[] inputs)
    {
        var service = (await stage.Session.ListInstancesAsync(HyperVClasses.ReplicationService, [], Stage.Token)).ShouldHaveSingleItem();
        return await stage.Session.InvokeMethodAsync(service.Path!, method, inputs.ToDictionary(input => input.Name, input => input.Value), Stage.Token);
    }

    public static string Text(string className, params IEnumerable<(string Name, object? Value)> properties)
        => CimXmlText.Write(new CimInstance(path: null, className, properties.Select(property => KeyValuePair.Create(property.Name, property.Value))));

    public static Task<IReadOnlyList<CimInstance>> ListAsync(Stage stage, string className) => stage.Session.ListInstancesAsync(className, [], Stage.Token);

    /// <summary>Runs one part on a host with a state file, and the other on the same host opened anew.</summary>
    public static async Task ReopenAsync(SimulatedHostDescription host, long compactAbove, Func<Stage, Task> before, Func<Stage, Task> after)
    {
        var folder = Directory.CreateTempSubdirectory("simulated-host-");
        try
        {
            var time = new FakeTimeProvider(Stage.Began);
            var options = new SimulationOptions { StateFile = Path.Combine(folder.FullName, "state.jsonl"), MinimumJobRetention = TimeSpan.Zero, CompactAbove = compactAbove };
            await using (var stage = await Stage.OpenAsync(host, options, time))
            {
                await before(stage);
            }

            await using var later = await Stage.OpenAsync(host, options, time);
            await after(later);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
