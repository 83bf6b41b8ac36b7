using System.CommandLine;
using System.Text.Json;
using HostAgent.Cli.Connection;
using HostAgent.Cli.Output;

namespace HostAgent.Cli.Commands.Client;

/// <summary>failback context: the coordinators that this user works with, by name.</summary>
internal static class ContextCommands
{
    public static Command Create(CommandContext context)
    {
        var group = new Command("context", "Save the coordinators that you work with, and choose the one that commands go to.")
        {
            Add(context),
            Use(context),
            List(context),
            Show(context),
            Remove(context),
        };
        context.Connection.AddTo(group);
        return group;
    }

    private static Command Add(CommandContext context)
    {
        var name = Name();
        var isProtected = new Option<bool>("--protected") { Description = "A command that changes something there must say --context NAME; reading needs no more than before." };
        var use = new Option<bool>("--use") { Description = "Make it the current one; the first always is." };
        var command = new Command("add", "Save the address and the certificate that the options or the variables give, in place of a context of the same name.") { name, isProtected, use };
        command.SetAction(parsed =>
        {
            var (file, chosen) = (ContextFile.Read(context.Environment), parsed.GetRequiredValue(name));
            file.Add(chosen, context.Connection.Resolve(parsed), parsed.GetValue(isProtected));
            if (parsed.GetValue(use))
            {
                file.Use(chosen);
            }

            return Say(context, $"{file.Path}: context {chosen} is saved.{(file.Current == chosen ? " It is the current one." : "")}");
        });
        return command;
    }

    private static Command Use(CommandContext context) => Change(context, "use", "Make a context the current one: commands go there unless they say otherwise.", (file, name) =>
    {
        file.Use(name);
        return $"Commands go to context {name}, {file.Choose(name).Value("coordinator")?.Text}.";
    });

    private static Command Remove(CommandContext context) => Change(context, "remove", "Remove a context. The certificate and its key stay where they are.", (file, name) =>
    {
        file.Remove(name);
        return $"{file.Path}: context {name} is removed.{(file.Current is null ? " There is no current one now." : "")}";
    });

    private static Command Change(CommandContext context, string verb, string description, Func<ContextFile, string, string> change)
    {
        var name = Name();
        var command = new Command(verb, description) { name };
        command.SetAction(parsed => Say(context, change(ContextFile.Read(context.Environment), parsed.GetRequiredValue(name))));
        return command;
    }

    private static Command List(CommandContext context)
    {
        var command = new Command("list", "List the contexts; the current one has a star.");
        command.SetAction(parsed =>
        {
            var file = ContextFile.Read(context.Environment);
            new ResultWriter(context.Environment, parsed.GetValue(context.Output)).Write(
                () => JsonSerializer.Serialize(new
                {
                    file = file.Path,
                    contexts = file.Contexts.Select(saved => new { name = saved.Name, current = saved.Name == file.Current, coordinator = saved.Value("coordinator")?.Text, @protected = saved.IsProtected, certificate = saved.Value("certificate")?.Text }),
                }),
                environment => Write(environment, file));
            return ExitCode.Success;
        });
        return command;
    }

    private static Command Show(CommandContext context)
    {
        var command = new Command("show", "Show each setting of the connection that a command would use, and where it comes from.");
        command.SetAction(parsed =>
        {
            var sources = context.Connection.Sources(parsed);
            new ResultWriter(context.Environment, parsed.GetValue(context.Output)).Write(
                () => JsonSerializer.Serialize(new { settings = sources.Select(setting => new { setting = setting.Subject, value = setting.Value?.Text, source = setting.Value?.Source }) }),
                environment =>
                {
                    var table = ListTable.Create("SETTING", "VALUE", "FROM");
                    foreach (var (subject, value) in sources)
                    {
                        table.Row(subject, value?.Text ?? "not set", value?.Source ?? "");
                    }

                    table.Write(environment);
                });
            return ExitCode.Success;
        });
        return command;
    }

    private static void Write(CommandEnvironment environment, ContextFile file)
    {
        if (file.Contexts.Count == 0)
        {
            environment.Output.WriteLine($"{file.Path} has no contexts. Save one: failback context add NAME --coordinator https://HOST:PORT --certificate FILE --private-key FILE --authority FILE");
            return;
        }

        var table = ListTable.Create("", "NAME", "COORDINATOR", "PROTECTED", "CERTIFICATE");
        foreach (var saved in file.Contexts)
        {
            table.Row(saved.Name == file.Current ? "*" : "", saved.Name!, saved.Value("coordinator")?.Text ?? "", saved.IsProtected ? "yes" : "no", saved.Value("certificate")?.Text ?? "");
        }

        table.Write(environment);
    }

    private static int Say(CommandContext context, string sentence)
    {
        context.Environment.Output.WriteLine(sentence);
        return ExitCode.Success;
    }

    private static Argument<string> Name() => new("NAME")
    {
        Description = "The name of the context.",
        CustomParser = argument =>
        {
            var name = argument.Tokens[0].Value;
            if (ContextFile.ErrorOfName(name) is { } error)
            {
                argument.AddError(error);
            }

            return name;
        },
    };
}
