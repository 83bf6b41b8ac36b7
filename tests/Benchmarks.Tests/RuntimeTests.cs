using System.Text.Json;

namespace HostAgent.Benchmarks.Tests;

/// <summary>Numbers are worth something only on the runtime that the product has.</summary>
public sealed class RuntimeTests
{
    [Fact]
    public void Benchmarks_run_on_the_garbage_collector_and_the_compiler_of_the_agent()
    {
        var agent = SettingsOf("HostAgent.Agent");

        agent.GetProperty("System.GC.Server").GetBoolean().ShouldBeFalse();
        agent.GetProperty("System.Runtime.TieredPGO").GetBoolean().ShouldBeFalse();
        foreach (var setting in agent.EnumerateObject().Where(setting => setting.Name.StartsWith("System.GC.", StringComparison.Ordinal) || setting.Name.StartsWith("System.Runtime.Tiered", StringComparison.Ordinal)))
        {
            SettingsOf("HostAgent.Benchmarks").GetProperty(setting.Name).GetRawText().ShouldBe(setting.Value.GetRawText(), setting.Name);
        }
    }

    private static JsonElement SettingsOf(string program) =>
        JsonElement.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, program + ".runtimeconfig.json"))).GetProperty("runtimeOptions").GetProperty("configProperties");
}
