using System.Globalization;
using HostAgent.Faults.Checking;
using HostAgent.Faults.Rows;
using HostAgent.Faults.Running;
using HostAgent.Tests.Shared;

namespace HostAgent.Faults.Tests.Running;

/// <summary>A runner that finds nothing proves nothing unless it finds what is there: every planted bug is found by its name.</summary>
public sealed class PlantedFlawTests
{
    private const int MostRuns = 3;

    public static TheoryData<string> Flaws => [.. PlantedFlaw.All.Keys];

    [Theory]
    [MemberData(nameof(Flaws))]
    public async Task Runner_fails_by_the_name_of_the_planted_bug(string name)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGSTOP.");
        var flaw = PlantedFlaw.All[name];
        Assert.SkipWhen(flaw.Row == Menu.NodesRow && PostgreSqlServer.Binaries is null, PostgreSqlServer.Missing);

        var histories = Directory.CreateTempSubdirectory("failback-flaw-");
        try
        {
            // A seed decides the faults and not the moment of the work that they strike: on a busy machine they may miss it.
            var (exitCode, summary, output) = await RunAsync(name, flaw, histories);
            for (var again = 1; again < MostRuns && exitCode == 0; again++)
            {
                (exitCode, summary, output) = await RunAsync(name, flaw, histories);
            }

            exitCode.ShouldBe(1, output);
            summary.GetProperty("broken").GetInt32().ShouldBe(0, output);
            summary.GetProperty("names").EnumerateArray().Select(found => found.GetString()).ShouldContain(Violation.NameOf(flaw.Rule), output);
            var timeline = await File.ReadAllTextAsync(Directory.GetFiles(histories.FullName, "timeline.html", SearchOption.AllDirectories).ShouldHaveSingleItem(), TestContext.Current.CancellationToken);
            timeline.ShouldContain(Violation.NameOf(flaw.Rule));
        }
        finally
        {
            histories.Delete(recursive: true);
        }
    }

    private static Task<(int ExitCode, System.Text.Json.JsonElement Summary, string Output)> RunAsync(string name, PlantedFlaw flaw, DirectoryInfo histories) => FaultsProgram.RunAsync(
        "--flaw", name, "--faults", Text(flaw.Row), "--first-seed", Text(flaw.FirstSeed), "--seeds", "1", "--history", histories.FullName);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
