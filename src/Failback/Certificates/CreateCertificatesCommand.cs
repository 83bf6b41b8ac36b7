using System.CommandLine;
using System.Globalization;
using System.Security.Cryptography;
using HostAgent.Certificates;
using HostAgent.Cli;
using HostAgent.Cli.Commands;
using HostAgent.Transport;

namespace HostAgent.Failback.Certificates;

internal static class CertificatesCommands
{
    public static Command Create(CommandContext context)
        => new("certificates", "Create certificates for agents, coordinators and operators.") { new CreateCertificatesCommand(context) };
}

/// <summary>failback certificates create: creates certificates, and the issuing authority unless the directory already has one.</summary>
internal sealed class CreateCertificatesCommand : Command
{
    private readonly CommandEnvironment _environment;
    private readonly Option<string> _directory = new("--directory") { HelpName = "DIR", Required = true, Description = "Where the files are written; an existing authority (ca.pem, ca-key.pem) in it is reused." };
    private readonly Option<string[]> _agents = Subject("--agent", "An agent: the name of its host, and the DNS names and IP addresses at which it is reached.");
    private readonly Option<string[]> _coordinators = Subject("--coordinator", "A coordinator, and where it is reached.");
    private readonly Option<string[]> _operators = Subject("--operator", "A person or system that may start, change and stop campaigns.");
    private readonly Option<string[]> _viewers = Subject("--viewer", "A person or system with read-only access.");
    private readonly Option<int> _days = NumberOption.Create("--days", "How many days the certificates are valid", 30, 1, 3649);
    private readonly Option<bool> _force = new("--force") { Description = "Replace existing certificates, for example to renew them; running processes reload them." };

    public CreateCertificatesCommand(CommandContext context)
        : base("create", "Create certificates for agents, coordinators and operators, and the authority that they all trust.")
    {
        _environment = context.Environment;
        foreach (Option option in (Option[])[_directory, _agents, _coordinators, _operators, _viewers, _days, _force])
        {
            Add(option);
        }

        SetAction(parsed => Create(parsed));
    }

    private static Option<string[]> Subject(string name, string description) => new(name)
    {
        HelpName = "NAME[=ADDRESS,...]",
        Description = description + " May be given several times.",
    };

    private int Create(ParseResult parsed)
    {
        var subjects = Subjects(parsed);
        var directory = parsed.GetRequiredValue(_directory);
        var days = parsed.GetValue(_days);
        var lifetime = TimeSpan.FromDays(days);
        if (!parsed.GetValue(_force))
        {
            DemandNew(directory, subjects);
        }

        try
        {
            using var authority = AuthorityDirectory.Open(directory, _environment);
            DemandShorter(directory, authority, days);
            foreach (var subject in subjects)
            {
                var files = authority.Issue(subject.Role, subject.Name, lifetime, subject.DnsNames, subject.Addresses).WriteTo(directory);
                _environment.Output.WriteLine($"{PeerIdentity.Format(subject.Role, subject.Name)}: {files.CertificatePath}, {files.PrivateKeyPath}");
            }

            return ExitCode.Success;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new CommandException(ExitCode.Failed, $"Creating certificates in {directory} failed: {exception.Message}");
        }
    }

    private void DemandNew(string directory, List<CertificateSubject> subjects)
    {
        List<string> present =
        [
            .. subjects
                .Select(subject => IssuedCertificate.PathsIn(directory, PeerIdentity.Format(subject.Role, subject.Name)))
                .SelectMany(paths => (string[])[paths.CertificatePath!, paths.PrivateKeyPath!])
                .Where(File.Exists),
        ];
        if (present.Count > 0)
        {
            throw new CommandException(ExitCode.Failed, $"Nothing was created; these files exist: {string.Join(", ", present)}. Add {_force.Name} to replace them.");
        }
    }

    private void DemandShorter(string directory, CertificateAuthority authority, int days)
    {
        var now = _environment.Time.GetUtcNow();
        if (now + TimeSpan.FromDays(days) <= authority.ValidUntil)
        {
            return;
        }

        var most = (int)(authority.ValidUntil - now).TotalDays;
        var end = authority.ValidUntil.ToString("u", CultureInfo.InvariantCulture);
        throw new CommandException(ExitCode.Failed, most < 1
            ? $"The authority in {directory} ends on {end}, less than a day from now. Create a new authority in another directory."
            : string.Create(CultureInfo.InvariantCulture, $"--days: {days} is not allowed; the authority in {directory} ends on {end}, so the maximum is {most}."));
    }

    private List<CertificateSubject> Subjects(ParseResult parsed)
    {
        (PeerRole Role, Option<string[]> Option)[] kinds =
            [(PeerRole.Agent, _agents), (PeerRole.Coordinator, _coordinators), (PeerRole.Operator, _operators), (PeerRole.Viewer, _viewers)];
        List<CertificateSubject> subjects = [];
        List<string> errors = [];
        foreach (var (role, option) in kinds)
        {
            foreach (var text in parsed.GetValue(option) ?? [])
            {
                try
                {
                    subjects.Add(CertificateSubject.Parse(role, text));
                }
                catch (FormatException exception)
                {
                    errors.Add($"{option.Name}: {exception.Message}");
                }
            }
        }

        if (errors.Count == 0 && subjects.Count == 0)
        {
            errors.Add($"No certificate requested; add one of {string.Join(", ", kinds.Select(kind => kind.Option.Name))}.");
        }

        return errors.Count == 0 ? subjects : throw new CommandException(ExitCode.Invalid, errors);
    }
}
