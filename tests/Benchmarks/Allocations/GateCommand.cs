using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace HostAgent.Benchmarks.Allocations;

/// <summary>
/// The command <c>gate</c>: fails when an operation allocates more, or less, than is stored. It measures in a process that compiles every method once and fully,
/// because what the compiler keeps off the heap depends on how long a method has run.
/// </summary>
internal static class GateCommand
{
    private const string CompileOnce = "DOTNET_TieredCompilation";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private static string StoredFile { get; } = Path.Combine(ThisBuild.ProjectDirectory, "Allocations", "stored.json");

    public static Command Create()
    {
        var store = new Option<bool>("--store") { Description = "Store what is measured, for this kind of build, instead of comparing it." };
        var plant = new Option<string[]>("--plant") { Description = "OPERATION=BYTES: allocate so much in vain, to see the gate fail.", DefaultValueFactory = _ => [] };
        var command = new Command("gate", "Compares what operations allocate with the stored figures. No time is measured, so any machine will do. Takes seconds.") { store, plant };
        command.SetAction(async (result, cancellation) => Environment.GetEnvironmentVariable(CompileOnce) == "0"
            ? await RunAsync(result.GetValue(store), Planted(result.GetValue(plant)!), cancellation)
            : await RunAgainAsync(result.Tokens.Select(token => token.Value), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(bool store, Dictionary<string, int> planted, CancellationToken cancellation)
    {
        var stored = JsonSerializer.Deserialize<SortedDictionary<string, StoredAllocation>>(await File.ReadAllTextAsync(StoredFile, cancellation), Json)!;
        var measured = await new MeasuredOperations(planted).MeasureAsync(cancellation);
        if (store)
        {
            foreach (var (name, bytes) in measured)
            {
                stored[name] = stored.GetValueOrDefault(name, new StoredAllocation(bytes, bytes, Band: 0.05)).With(ThisBuild.IsRelease, bytes);
            }

            await File.WriteAllTextAsync(StoredFile, JsonSerializer.Serialize(stored, Json) + "\n", cancellation);
            return 0;
        }

        var findings = AllocationGate.Compare(stored, measured, ThisBuild.IsRelease);
        Console.Out.Write(MarkdownTable.Of(
            [$"allocated for each, {ThisBuild.Configuration}", "stored, B", "measured, B", "tolerated"],
            findings.Select(finding => (IEnumerable<string>)
            [
                finding.Operation,
                finding.Stored?.ToString("N0", CultureInfo.InvariantCulture) ?? "–",
                finding.Measured.ToString("N0", CultureInfo.InvariantCulture),
                string.Create(CultureInfo.InvariantCulture, $"±{finding.Band:P1}"),
            ])));
        var problems = findings.Select(finding => finding.Problem).OfType<string>().ToList();
        foreach (var problem in problems)
        {
            Console.Error.WriteLine(problem);
        }

        return problems.Count == 0 ? 0 : 1;
    }

    private static async Task<int> RunAgainAsync(IEnumerable<string> arguments, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, arguments) { UseShellExecute = false };
        start.Environment[CompileOnce] = "0";
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync(cancellation);
        return process.ExitCode;
    }

    private static Dictionary<string, int> Planted(string[] plants) => plants.Select(plant => plant.Split('=')).ToDictionary(
        parts => parts[0],
        parts => parts.Length == 2 && int.TryParse(parts[1], CultureInfo.InvariantCulture, out var bytes) ? bytes : throw new FormatException($"--plant '{string.Join('=', parts)}' is not of the form OPERATION=BYTES."),
        StringComparer.Ordinal);
}
