using System.CommandLine;
using System.CommandLine.Completions;
using System.Text.Json;
using HostAgent.Cli.Output;
using HostAgent.Contracts.Reference;

namespace HostAgent.Cli.Commands.Client;

/// <summary>failback reasons: what the reasons of errors mean, from the contracts, without a coordinator.</summary>
internal static class ReasonsCommand
{
    private const string Packages = "hyperv.";

    public static Command Create(CommandContext context)
    {
        var name = new Argument<string?>("REASON") { HelpName = "REASON", Arity = ArgumentArity.ZeroOrOne, Description = "The reason, for example NO_GATE; all when not given." };
        name.CompletionSources.Add(_ => Read().Select(reason => new CompletionItem(reason.Name)));
        var command = new Command("reasons", "Tell what the reasons of errors mean, and which methods have them. Needs no coordinator.") { name };
        command.SetAction(parsed =>
        {
            var (all, asked) = (Read(), parsed.GetValue(name));
            var chosen = asked is null ? all : [.. all.Where(reason => string.Equals(reason.Name, asked, StringComparison.OrdinalIgnoreCase))];
            if (chosen.Count == 0)
            {
                throw new CommandException(ExitCode.Invalid, $"There is no reason '{asked}'; failback reasons lists them. A machine's own reason is explained in its row.");
            }

            new ResultWriter(context.Environment, parsed.GetValue(context.Output)).Write(
                () => JsonSerializer.Serialize(new
                {
                    reasons = chosen.Select(reason => new { name = reason.Name, statuses = reason.Statuses, places = reason.Places.Select(place => new { subject = place.Subject, status = place.Status, meaning = place.Meaning }) }),
                }),
                environment =>
                {
                    if (asked is null)
                    {
                        WriteAll(environment, chosen);
                    }
                    else
                    {
                        WriteOne(environment, chosen[0]);
                    }
                });
            return ExitCode.Success;
        });
        return command;
    }

    private static IReadOnlyList<ErrorReason> Read() => ErrorReasons.Of(new ProtoComments());

    private static void WriteAll(CommandEnvironment environment, IReadOnlyList<ErrorReason> reasons)
    {
        var table = ListTable.Create("REASON", "STATUS", "MEANING");
        foreach (var reason in reasons)
        {
            table.Row(reason.Name, string.Join(", ", reason.Statuses), reason.Places.FirstOrDefault(place => place.Meaning.Length > 0)?.Meaning ?? $"of {Short(reason.Places[0].Subject)}");
        }

        table.Write(environment);
    }

    private static void WriteOne(CommandEnvironment environment, ErrorReason reason)
    {
        environment.Output.WriteLine($"{reason.Name}: {string.Join(", ", reason.Statuses)}");
        var table = ListTable.Create("OF", "STATUS", "MEANING");
        foreach (var place in reason.Places)
        {
            table.Row(Short(place.Subject), place.Status, place.Meaning);
        }

        table.WriteBlock(environment);
    }

    /// <summary>Without the package, whose names are known: Campaigns.ApproveWave.</summary>
    private static string Short(string subject) => subject.StartsWith(Packages, StringComparison.Ordinal) ? string.Join('.', subject.Split('.').Skip(3)) : subject;
}
