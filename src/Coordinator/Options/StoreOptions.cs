using System.Net;
using HostAgent.Hosting.Settings;
using HostAgent.Transport;

namespace HostAgent.Coordinator.Options;

/// <summary>Where campaigns, returns, drills and proofs are kept, section <c>Coordinator:Store</c>.</summary>
public sealed class StoreOptions : ISettingsGroup, ISettingsRules
{
    /// <summary>The store is a file in the data directory.</summary>
    public const string Sqlite = "sqlite";

    /// <summary>The store is a database of a PostgreSQL server.</summary>
    public const string PostgreSql = "postgresql";

    /// <summary>Which store: a file in the data directory, or a database of a PostgreSQL server.</summary>
    /// <value>The default is sqlite, which opens no connection and no port.</value>
    [OneOf(Sqlite, PostgreSql, IsRequired = true)]
    public string Kind { get; set; } = Sqlite;

    /// <summary>The name or the IP address of the PostgreSQL server, or the directory of its unix socket.</summary>
    [NotBlank("the name or the IP address of a server, or the directory of its unix socket")]
    public string? Host { get; set; }

    /// <summary>The server's port.</summary>
    /// <value>The default is 5432.</value>
    [WholeNumber(1, 65_535)]
    public int Port { get; set; } = 5432;

    /// <summary>The database. The coordinator creates its tables in it, not the database itself.</summary>
    /// <value>The default is failback.</value>
    [NotBlank("the name of a database")]
    public string Database { get; set; } = "failback";

    /// <summary>The role that the coordinator logs in as. It must own the tables.</summary>
    /// <value>The default is failback.</value>
    [NotBlank("the name of a role")]
    public string User { get; set; } = "failback";

    /// <summary>A file with the role's password and nothing else, readable by this account only. It is read for each new connection, so a new password needs no restart.</summary>
    /// <value>Unset by default, for servers that go by the client certificate or by the account of a unix socket.</value>
    [ExistingFile("the role's password")]
    public string? PasswordFile { get; set; }

    /// <summary>The authority that issued the server's certificate, a PEM file.</summary>
    /// <value>Unset by default, which means the authorities that the operating system trusts.</value>
    [ExistingFile("the PEM certificate of the authority of the server")]
    public string? RootCertificate { get; set; }

    /// <summary>A client certificate for the server, a PEM file.</summary>
    [ExistingFile("a PEM certificate")]
    public string? ClientCertificate { get; set; }

    /// <summary>The private key of the client certificate, a PEM file readable by this account only.</summary>
    [ExistingFile("a PEM private key")]
    public string? ClientKey { get; set; }

    /// <summary>Whether to stand by while another coordinator has the database, and to take over when that one has ended or is no longer heard of.</summary>
    /// <value>The default is false: a second coordinator is refused.</value>
    public bool Standby { get; set; }

    /// <summary>The name or IP address of this machine, under which the coordinators that stand by reach this one.</summary>
    /// <value>Unset by default, which means the address that it listens on, and the name of the machine where that is every address.</value>
    [NotBlank("the name or the IP address of this machine")]
    public string? Advertise { get; set; }

    /// <summary>
    /// How long the server may hear nothing of this coordinator before it ends its session, and with it the lock: a process that hangs or sleeps, or a machine that is gone. Longer than a pause that
    /// should pass unnoticed, for example while a virtual machine is moved. A take-over that was not needed does no harm.
    /// </summary>
    /// <value>From 2 seconds to 5 minutes. The default is 3 seconds.</value>
    [Duration("00:00:02", "00:05:00")]
    public TimeSpan TakeOverAfter { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Whether the server is on this machine, so that what is said to it crosses no network.</summary>
    internal bool IsLocal => Host is { } host && (IsSocket || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address)));

    /// <summary>Whether the connection is encrypted and the server's name is verified. Only a server on this machine may be spoken to without.</summary>
    internal bool IsVerified => !IsSocket && (!IsLocal || RootCertificate is not null || ClientCertificate is not null);

    /// <summary>Whether the server is reached by a unix socket.</summary>
    internal bool IsSocket => Host?.StartsWith('/') == true;

    /// <inheritdoc/>
    public IEnumerable<SettingError> Check()
    {
        var ofServer = ((string Key, string? Value)[])
        [
            (nameof(Host), Host), (nameof(PasswordFile), PasswordFile), (nameof(RootCertificate), RootCertificate), (nameof(ClientCertificate), ClientCertificate), (nameof(ClientKey), ClientKey), (nameof(Advertise), Advertise),
        ];
        if (Kind != PostgreSql)
        {
            // A store on a server that is named and not used would look like one that is.
            return Kind != Sqlite ? [] :
            [
                .. ofServer.Where(setting => setting.Value is not null).Select(setting => new SettingError(setting.Key, setting.Value, $"unset while {nameof(Kind)} is {Sqlite}")),
                .. Standby ? [new SettingError(nameof(Standby), "true", $"false while {nameof(Kind)} is {Sqlite}: only one machine has its files")] : Array.Empty<SettingError>(),
            ];
        }

        return
        [
            .. Host is null ? [new SettingError(nameof(Host), null, $"the name or the IP address of a server, or the directory of its unix socket, because {nameof(Kind)} is {PostgreSql}")] : Array.Empty<SettingError>(),
            .. Advertise is not null && Uri.CheckHostName(Advertise) == UriHostNameType.Unknown ? [new SettingError(nameof(Advertise), Advertise, "the name or the IP address of this machine, without a port")] : Array.Empty<SettingError>(),
            .. ClientCertificate is null && ClientKey is not null ? [new SettingError(nameof(ClientCertificate), null, $"the certificate of {nameof(ClientKey)}")] : Array.Empty<SettingError>(),
            .. ClientKey is null && ClientCertificate is not null ? [new SettingError(nameof(ClientKey), null, $"the private key of {nameof(ClientCertificate)}")] : Array.Empty<SettingError>(),
            .. ofServer.Where(setting => setting.Key is nameof(PasswordFile) or nameof(ClientKey) && File.Exists(setting.Value) && OwnerOnly.ErrorOfSecret(setting.Value!) is not null)
                .Select(setting => new SettingError(setting.Key, setting.Value, "a file of mode 0600 or 0400, because other accounts have access to this one (chmod 600)")),
        ];
    }
}
