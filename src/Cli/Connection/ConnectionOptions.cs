using System.CommandLine;
using HostAgent.Transport;

namespace HostAgent.Cli.Connection;

/// <summary>The options that say where the coordinator is and who is calling, shared by every command that talks to it.</summary>
internal sealed class ConnectionOptions(CommandEnvironment environment)
{
    private readonly ConnectionSetting _coordinator = Setting(
        "the coordinator's address", "coordinator", "https://HOST:PORT", "Address of the coordinator.");

    private readonly ConnectionSetting _certificate = Setting(
        "the operator's certificate", "certificate", "FILE", "Certificate of the operator (PEM).");

    private readonly ConnectionSetting _privateKey = Setting(
        "the operator's private key", "private-key", "FILE", "Private key of the operator (PEM).");

    private readonly ConnectionSetting _authority = Setting(
        "the authority's certificate", "authority", "FILE", "Certificate of the authority that the coordinator's certificate comes from (PEM).");

    private readonly ConnectionSetting _coordinatorName = Setting(
        "the coordinator's name", "coordinator-name", "NAME", "Name that the coordinator must have in its certificate; without it, its address must stand there.");

    private readonly ConnectionSetting _allowTls12 = Setting(
        "whether TLS 1.2 is spoken", "allow-tls12", "true|false", "Speak TLS 1.2 as well, for a coordinator or this machine on a Windows older than Server 2022.");

    private IReadOnlyList<ConnectionSetting> Required => [_coordinator, _certificate, _privateKey, _authority];

    /// <summary>Offers the options on a group of commands and everything below it.</summary>
    public void AddTo(Command group)
    {
        foreach (var setting in (ConnectionSetting[])[.. Required, _coordinatorName, _allowTls12])
        {
            group.Add(setting.Option);
        }
    }

    /// <summary>Takes each setting from the command line, else the environment, else the context file.</summary>
    /// <exception cref="CommandException">Something is missing or is not what it should be.</exception>
    public ConnectionSettings Resolve(ParseResult parsed)
    {
        var context = ContextFile.Read(environment);
        var values = Required.ToDictionary(setting => setting, setting => Value(setting, parsed, context));
        var missing = Required.Where(setting => values[setting] is null).ToList();
        if (missing.Count > 0)
        {
            throw Missing(missing, context);
        }

        return new ConnectionSettings(
            Address(values[_coordinator]!),
            ExistingFile(_certificate, values[_certificate]!),
            ExistingFile(_privateKey, values[_privateKey]!),
            ExistingFile(_authority, values[_authority]!))
        {
            CoordinatorName = Value(_coordinatorName, parsed, context) is { } name ? PeerName(name) : null,
            AllowTls12 = Value(_allowTls12, parsed, context) is { } allowed && Truth(allowed),
        };
    }

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

    private SettingValue? Value(ConnectionSetting setting, ParseResult parsed, ContextFile context)
    {
        if (parsed.GetValue(setting.Option) is { } given)
        {
            return new SettingValue(given, setting.Option.Name);
        }

        return environment.Variable(setting.Variable) is { Length: > 0 } variable
            ? new SettingValue(variable, setting.Variable)
            : context.Value(setting.Property);
    }

    private static CommandException Missing(List<ConnectionSetting> missing, ContextFile context)
    {
        var subjects = string.Join(", ", missing.Select(setting => setting.Subject));
        var options = string.Join(", ", missing.Select(setting => setting.Option.Name));
        var variables = string.Join(", ", missing.Select(setting => setting.Variable));
        var properties = string.Join(", ", missing.Select(setting => $"\"{setting.Property}\""));
        return new CommandException(
            ExitCode.Invalid,
            $"Not given: {subjects}. Give it as {options}, or as the variable {variables}, or as {properties} in the context file {context.Path}.");
    }

    private static Uri Address(SettingValue value)
        => Uri.TryCreate(value.Text, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttps && address.PathAndQuery == "/"
            ? address
            : throw new CommandException(ExitCode.Invalid, $"{value.Source}: \"{value.Text}\" is not the address of a coordinator: https://HOST:PORT is needed.");

    private static string PeerName(SettingValue value)
    {
        try
        {
            PeerIdentity.Format(PeerRole.Coordinator, value.Text);
            return value.Text;
        }
        catch (ArgumentException)
        {
            throw new CommandException(ExitCode.Invalid, $"{value.Source}: \"{value.Text}\" is not the name of a coordinator: letters, digits, '.', '_', '-' and '@' are allowed.");
        }
    }

    private static bool Truth(SettingValue value) => bool.TryParse(value.Text, out var truth)
        ? truth
        : throw new CommandException(ExitCode.Invalid, $"{value.Source}: \"{value.Text}\" is neither true nor false.");

    private static string ExistingFile(ConnectionSetting setting, SettingValue value)
        => File.Exists(value.Text)
            ? value.Text
            : throw new CommandException(ExitCode.Invalid, $"{value.Source}: the file \"{value.Text}\" ({setting.Subject}) does not exist.");
}
