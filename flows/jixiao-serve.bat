@echo off
rem Started by the Windows task scheduler, see README. Mend the two folders; keep this file in ASCII.
set "PROGRAM=C:\jixiao"
set "DATA=D:\jixiao"
set "PYTHONUTF8=1"
set "JIXIAO_STATE=%DATA%\state"
if not exist "%JIXIAO_STATE%" mkdir "%JIXIAO_STATE%"
cd /d "%DATA%" || exit /b 2
"%PROGRAM%\.venv\Scripts\jixiao.exe" serve --cron "0 18 * * 1-5" --port 4200 >> "%JIXIAO_STATE%\serve.txt" 2>&1
exit /b %ERRORLEVEL%
