@echo off
rem The page for a class, with the view for the beamer: double-click this file. Ctrl-C or closing this window ends it.
setlocal
cd /d "%~dp0..\.."
set "PROGRAM=.venv\Scripts\intranet-sim.exe"
if not exist "%PROGRAM%" set "PROGRAM=intranet-sim"
echo Everybody in this network can open the page while this window is open.
"%PROGRAM%" class serve --native --live --host 0.0.0.0 %*
if errorlevel 1 echo It did not start. Is intranet-sim installed? See README.md.
pause
