using System.CommandLine;
using HostAgent.Transport;

namespace HostAgent.Cli.Connection;

/// <summary>The options for the coordinator's address and the caller's certificate, shared by every command that talks to it.</summary>
internal sealed class ConnectionOptions(CommandEnvironment environment)
{
    private const int MostAddresses = 8;

    private readonly ConnectionSetting _coordinator = Setting(
        "the coordinator's address", "coordinator", "https://HOST:PORT[,…]", "Address of the coordinator; several, separated by commas, where others stand by for it.");

    private readonly ConnectionSetting _certificate = Setting(
        "the operator's certificate", "certificate", "FILE", "Certificate of the operator (PEM).");

    private readonly ConnectionSetting _privateKey = Setting(
        "the operator's private key", "private-key", "FILE", "Private key of the operator (PEM).");

    private readonly ConnectionSetting _authority = Setting(
        "the authority's certificate", "authority", "FILE", "Certificate of the authority that issued the coordinator's certificate (PEM).");

    private readonly ConnectionSetting _coordinatorName = Setting(
        "the coordinator's name", "coordinator-name", "NAME", "Name that the coordinator's certificate must carry. Without it, the certificate must list the coordinator's address.");

    private readonly ConnectionSetting _allowTls12 = Setting(
        "whether TLS 1.2 is allowed", "allow-tls12", "true|false", "Also allow TLS 1.2, for Windows versions older than Server 2022 on either side.");

    private readonly Option<string> _context = new("--context")
    {
        HelpName = "NAME",
        Description = "The saved context to use (failback context list); a protected one must be named to change anything.",
        Recursive = true,
    };

    private IReadOnlyList<ConnectionSetting> All => [.. Required, _coordinatorName, _allowTls12];

    private IReadOnlyList<ConnectionSetting> Required => [_coordinator, _certificate, _privateKey, _authority];

    /// <summary>Offers the options on a group of commands and everything below it.</summary>
    public void AddTo(Command group)
    {
        group.Add(_context);
        foreach (var setting in All)
        {
            group.Add(setting.Option);
        }
    }

    /// <summary>Each setting with its value and where that comes from; null where it is not set. Checks none of them.</summary>
    /// <exception cref="CommandException">The context file is not valid, or has no such context.</exception>
    public IReadOnlyList<(string Subject, SettingValue? Value)> Sources(ParseResult parsed)
    {
        var context = Chosen(parsed);
        return [.. All.Select(setting => (setting.Subject, Value(setting, parsed, context)))];
    }

    /// <summary>Takes each setting from the command line, else the environment, else the context file.</summary>
    /// <exception cref="CommandException">A setting is missing or not valid.</exception>
    public ConnectionSettings Resolve(ParseResult parsed)
    {
        var context = Chosen(parsed);
        var values = Required.ToDictionary(setting => setting, setting => Value(setting, parsed, context));
        var missing = Required.Where(setting => values[setting] is null).ToList();
        if (missing.Count > 0)
        {
            throw Missing(missing, context);
        }

        return new ConnectionSettings(
            Addresses(values[_coordinator]!),
            ExistingFile(_certificate, values[_certificate]!),
            ExistingFile(_privateKey, values[_privateKey]!),
            ExistingFile(_authority, values[_authority]!))
        {
            CoordinatorName = Value(_coordinatorName, parsed, context) is { } name ? PeerName(name) : null,
            AllowTls12 = Value(_allowTls12, parsed, context) is { } allowed && Truth(allowed),
            Target = context.Name is { } saved && values[_coordinator]!.Source == context.Value(_coordinator.Property)?.Source
                ? new ContextTarget(saved, context.IsProtected, IsNamed: parsed.GetValue(_context) is not null)
                : null,
        };
    }

    private SavedContext Chosen(ParseResult parsed) => ContextFile.Read(environment).Choose(parsed.GetValue(_context));

    private static ConnectionSetting Setting(string subject, string name, string valueName, string description)
    {
        var variable = "FAILBACK_" + name.Replace('-', '_').ToUpperInvariant();
        var option = new Option<string>("--" + name)
        {
            HelpName = valueName,
            Description = $"{description} [env: {variable}]",
            Recursive = true,
        };
        return new ConnectionSetting(subject, option, variable, name.Replace('-', '_'));
    }

    private SettingValue? Value(ConnectionSetting setting, ParseResult parsed, SavedContext context)
    {
        if (parsed.GetValue(setting.Option) is { } given)
        {
            return new SettingValue(given, setting.Option.Name);
        }

        return environment.Variable(setting.Variable) is { Length: > 0 } variable
            ? new SettingValue(variable, setting.Variable)
            : context.Value(setting.Property);
    }

    private static CommandException Missing(List<ConnectionSetting> missing, SavedContext context)
    {
        var subjects = string.Join(", ", missing.Select(setting => setting.Subject));
        var options = string.Join(", ", missing.Select(setting => setting.Option.Name));
        var variables = string.Join(", ", missing.Select(setting => setting.Variable));
        var properties = string.Join(", ", missing.Select(setting => $"\"{setting.Property}\""));
        return new CommandException(
            ExitCode.Invalid,
            $"Missing: {subjects}. Set {options}, the variable {variables}, or {properties} in the context file {context.File}{(context.Name is null ? "" : $", context {context.Name}")}.");
    }

    private static List<Uri> Addresses(SettingValue value)
    {
        var parts = value.Text.Split(',', StringSplitOptions.TrimEntries);
        return parts.Length <= MostAddresses
            ? [.. parts.Select(part => Uri.TryCreate(part, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttps && address.PathAndQuery == "/"
                ? address
                : throw new CommandException(ExitCode.Invalid, $"{value.Source}: \"{part}\" is not a coordinator's address; expected https://HOST:PORT."))]
            : throw new CommandException(ExitCode.Invalid, $"{value.Source} has {parts.Length} addresses; at most {MostAddresses} are allowed.");
    }

    private static string PeerName(SettingValue value)
    {
        try
        {
            PeerIdentity.Format(PeerRole.Coordinator, value.Text);
            return value.Text;
        }
        catch (ArgumentException)
        {
            throw new CommandException(ExitCode.Invalid, $"{value.Source}: \"{value.Text}\" is not a coordinator's name; expected letters, digits, '.', '_', '-' and '@'.");
        }
    }

    private static bool Truth(SettingValue value) => bool.TryParse(value.Text, out var truth)
        ? truth
        : throw new CommandException(ExitCode.Invalid, $"{value.Source}: \"{value.Text}\" must be true or false.");

    private static string ExistingFile(ConnectionSetting setting, SettingValue value)
        => File.Exists(value.Text)
            ? value.Text
            : throw new CommandException(ExitCode.Invalid, $"{value.Source}: the file \"{value.Text}\" ({setting.Subject}) does not exist.");
}
