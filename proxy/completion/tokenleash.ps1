# PowerShell completion of tokenleash.
Register-ArgumentCompleter -Native -CommandName tokenleash -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $typed = @($commandAst.CommandElements |
        Where-Object { $_.Extent.EndOffset -lt $cursorPosition } |
        Select-Object -Skip 1 |
        ForEach-Object { $_.Extent.Text })
    # Nothing given back has PowerShell complete files by itself.
    foreach ($line in @(& tokenleash __complete @typed "=$wordToComplete" 2>$null)) {
        if ($line.StartsWith(':')) { continue }
        $word, $about = $line -split [char]9, 2
        if (-not $about) { $about = $word }
        [System.Management.Automation.CompletionResult]::new($word, $word, 'ParameterValue', $about)
    }
}
