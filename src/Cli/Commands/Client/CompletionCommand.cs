using System.CommandLine;

namespace HostAgent.Cli.Commands.Client;

/// <summary>failback completion: the script that makes a shell complete the words of this program.</summary>
internal static class CompletionCommand
{
    // Each asks the program itself, so that words of a later version need no new script.
    private const string Bash =
        """
        _failback() {
          local IFS=$'\n' line="${COMP_LINE:0:COMP_POINT}" rest
          rest="${line#* }"
          COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" "[suggest:${#rest}]" "$rest" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _failback failback
        """;

    private const string Zsh =
        """
        #compdef failback
        _failback() {
          local line="${LBUFFER}" rest
          rest="${line#* }"
          local -a words_known
          words_known=("${(@f)$("${words[1]}" "[suggest:${#rest}]" "$rest" 2>/dev/null)}")
          compadd -a words_known
          _files
        }
        compdef _failback failback
        """;

    private const string PowerShell =
        """
        Register-ArgumentCompleter -Native -CommandName failback -ScriptBlock {
            param($wordToComplete, $commandAst, $cursorPosition)
            $line = $commandAst.ToString().PadRight($cursorPosition)
            $rest = $line.Substring([Math]::Min($line.Length, $line.IndexOf(' ') + 1))
            & $commandAst.CommandElements[0].Value "[suggest:$($rest.Length)]" $rest 2>$null |
                Where-Object { $_ -like "$wordToComplete*" } |
                ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
        }
        """;

    public static Command Create(CommandContext context) => new("completion", "Print the script that makes a shell complete the words of this program.")
    {
        Shell(context, "bash", Bash, "source <(failback completion bash), in ~/.bashrc"),
        Shell(context, "zsh", Zsh, "source <(failback completion zsh), in ~/.zshrc after compinit"),
        Shell(context, "powershell", PowerShell, "failback completion powershell | Out-String | Invoke-Expression, in $PROFILE"),
    };

    private static Command Shell(CommandContext context, string name, string script, string use)
    {
        var command = new Command(name, $"For {name}: {use}.");
        command.SetAction(_ =>
        {
            foreach (var line in script.Split('\n'))
            {
                context.Environment.Output.WriteLine(line);
            }

            return ExitCode.Success;
        });
        return command;
    }
}
