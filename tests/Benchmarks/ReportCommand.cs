using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace HostAgent.Benchmarks;

/// <summary>A command that measures and writes one report to the standard output; what it is doing meanwhile goes to the standard error.</summary>
internal static class ReportCommand
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    /// <param name="name">What it is called by.</param>
    /// <param name="description">What it measures, and how long that takes.</param>
    /// <param name="options">Options of its own.</param>
    /// <param name="run">Measures; its flag says to be quick rather than right.</param>
    public static Command Create(string name, string description, IEnumerable<Option> options, Func<ParseResult, bool, TextWriter, CancellationToken, Task<IReport>> run)
    {
        var output = new Option<string>("--output") { Description = "text (Markdown tables) or json", DefaultValueFactory = _ => "text" };
        output.AcceptOnlyFromAmong("text", "json");
        var quick = new Option<bool>("--quick") { Description = "Show within seconds that everything runs. The numbers mean nothing." };
        var command = new Command(name, description) { output, quick };
        foreach (var option in options)
        {
            command.Add(option);
        }

        command.SetAction(async (result, cancellation) =>
        {
            var report = await run(result, result.GetValue(quick), Console.Error, cancellation);
            Console.Out.WriteLine(result.GetValue(output) == "json" ? JsonSerializer.Serialize(report, report.GetType(), Json) : report.ToText());
        });
        return command;
    }
}
