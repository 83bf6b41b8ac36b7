using System.Text.Json;

namespace HostAgent.Failback.Tests;

/// <summary>A service behaves the same however it is started: by <c>failback</c> or as a program of its own.</summary>
public sealed class RuntimeTests
{
    [Theory]
    [InlineData("HostAgent.Agent")]
    [InlineData("HostAgent.Coordinator")]
    public void A_service_has_the_garbage_collector_and_the_compiler_of_failback(string program)
    {
        var settings = SettingsOf(program);

        settings.ShouldContain("System.GC.Server: False");
        settings.ShouldContain("System.GC.Concurrent: False");
        settings.ShouldContain("System.Runtime.TieredPGO: False");
        settings.ShouldBe(SettingsOf("failback"));
    }

    private static List<string> SettingsOf(string program) =>
    [
        .. JsonElement.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, program + ".runtimeconfig.json")))
            .GetProperty("runtimeOptions").GetProperty("configProperties").EnumerateObject()
            .Where(setting => setting.Name.StartsWith("System.GC.", StringComparison.Ordinal) || setting.Name.StartsWith("System.Runtime.Tiered", StringComparison.Ordinal))
            .Select(setting => $"{setting.Name}: {setting.Value}")
            .Order(StringComparer.Ordinal),
    ];
}
